"""What in an anonymised text could still tell who it is about. Plain Python; it warns, and a person decides.

    for found in lint(text, known=("Oakfield", "Adebayo"), source=what_was_written_in_the_challenge):
        print(found.kind, found.words, found.advice)

It looks for names, places, dates, ages and numbers, for what is rare enough to point at one family, and for
words that were copied. `known` are names that the log itself has: people, services, organisations.

How it tells a name: a word written large inside a sentence, unless it is in `TERMS`; at the beginning of a
sentence, where every word is written large, only a common given name (`GIVEN`), a name of `known`, or a word
that is no usual beginning and does what people do ("Marlow told her..."). Better a question too many: who
wrote it can say why a word may stay. A text that passes is not thereby anonymous: a second person reads it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from escalation.policy.words import NUMBERS

NAME, PLACE, DATE, AGE, NUMBER, RARE, COPIED = "name", "place", "date", "age", "number", "rare", "copied"
ADVICE = {
    NAME: "This looks like a name. Say what the person or the service is, such as “a teacher”.",
    PLACE: "This looks like a place. Say what kind of place it is, such as “a school”.",
    DATE: "This is a day or a time of the year. Say how long it took instead, such as “two weeks later”.",
    AGE: "This is an exact age. Say “a baby”, “a young child” or “a teenager”.",
    NUMBER: "This is a number that could be looked up. Leave it out, or say “some” or “many”.",
    RARE: "This is rare enough to point at one family. Leave it out, or say it more widely.",
    COPIED: "These words stand in the challenge itself. Whoever wrote them would know them: say it anew.",
}
COPIED_FROM = 8
"""So many words in a row that stand in the challenge too are copied."""


@dataclass(frozen=True)
class Found:
    """Something in a text, from `start` to `end`, that should perhaps not be there."""

    kind: str
    words: str
    start: int
    end: int

    @property
    def advice(self) -> str:
        return ADVICE[self.kind]


def lint(text: str, *, known: Iterable[str] = (), source: str = "") -> list[Found]:
    """Everything found, in the order of the text; nothing is told twice."""
    ours = _words_of(known)
    found = [each for rule in RULES for each in rule(text)]
    found += [*_large(text, ours), *_copied(text, source)]
    return _apart(found)


def _apart(found: Iterable[Found]) -> list[Found]:
    """Of two that overlap, the one that begins first, and of those the longer."""
    told: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not told or each.start >= told[-1].end:
            told.append(each)
    return told


# Patterns

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
SURE_MONTH = r"(?:january|february|april|june|july|august|september|october|november|december)"
DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
FEAST = (
    r"(?:christmas|easter|eid|ramadan|diwali|hanukkah|new year|halloween|bonfire night|boxing day|"
    r"good friday|mothers?[’']?s? day|fathers?[’']?s? day|valentine[’']?s? day|passover|vaisakhi|lent)"
)
ONES, TEENS = "|".join(NUMBERS[1:13]), "|".join(NUMBERS[13:])
COUNT = rf"(?:\d{{1,2}}|{ONES}|{TEENS})"
NTH = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
    r"fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|\d{1,2}(?:st|nd|rd|th))"
)
KIN = (
    r"(?:mother|father|mum|dad|parents?|carers?|aunt|uncle|brother|sister|grand\w+|step\w+|partner|boyfriend)"
)
MANY = rf"(?:{'|'.join(NUMBERS[4:13])}|[4-9]|1\d)"
CHILDREN = r"(?:children|siblings|brothers|sisters|boys|girls|sons|daughters|half[- ]siblings)"
WORK = (
    r"(?:teacher|nurse|doctor|gp|officer|councillor|politician|mp|imam|vicar|priest|pastor|rabbi|footballer|"
    r"singer|actor|actress|solicitor|lawyer|barrister|judge|magistrate|firefighter|paramedic|soldier|pilot|"
    r"dentist|coach|governor|headteacher|magician|boxer|journalist|presenter|dancer|athlete|diplomat|"
    r"social worker|foster carer|childminder|driver|butcher|baker|florist|surgeon|midwife|pharmacist|jockey|"
    r"farmer|fisherman|undertaker|referee|wrestler|comedian|musician|drummer|guitarist|author|model|gardener|"
    r"locksmith|jeweller|lifeguard|ambassador|consul|detective|"
    r"(?:\w+ )?\w*(?:keeper|smith|wright|ologist|ographer|monger|herd))"
)
NOUNS = (
    r"(?:child|pupil|girl|boy|family|student|baby|household|mother|father|son|daughter|teenager|woman|man|"
    r"couple|carer|visitor|nurse|midwife|teacher|doctor|gp|consultant|worker|officer|practitioner|therapist|"
    r"interpreter|school|nursery|college|academy|hospital|surgery|practice|clinic|hostel|refuge|unit|church|"
    r"mosque|temple|synagogue)s?"
)
"""Of whom or what there is one, it says who it is."""
PEOPLES = (
    r"(?:somali|polish|romanian|albanian|tamil|kurdish|afghan|syrian|iraqi|iranian|turkish|nigerian|ghanaian|"
    r"eritrean|ethiopian|sudanese|ukrainian|russian|lithuanian|latvian|bulgarian|hungarian|portuguese|"
    r"brazilian|colombian|vietnamese|chinese|korean|japanese|filipino|nepal(?:i|ese)|bengali|bangladeshi|"
    r"pakistani|indian|punjabi|gujarati|urdu|arabic|farsi|pashto|dari|tigrinya|amharic|yoruba|igbo|twi|"
    r"french|spanish|italian|german|greek|jamaican|caribbean|irish|scottish|welsh|american|congolese|"
    r"angolan|algerian|moroccan|egyptian|yemeni|palestinian|jewish|muslim|hindu|sikh|buddhist|catholic|"
    r"roma|gypsy|traveller|jehovah[’']s witness(?:es)?|mormon|romany|roma)"
)
ILL = (
    r"(?:deaf|blind|deafblind|wheelchair|down[’']?s syndrome|cerebral palsy|cystic fibrosis|sickle cell|"
    r"leuka?emia|cancer|tumou?r|dwarfism|albin(?:o|ism)|haemophilia|muscular dystrophy|"
    r"spina bifida|tracheostomy|transplant(?:ed)?|hiv|tourette[’']?s?|rare (?:condition|disease|illness|"
    r"syndrome|disorder)|genetic (?:condition|disease|disorder)|gene disorder|selective mutism|"
    r"sign language|amput\w+|prosthetic|conjoined|cleft (?:lip|palate)|dialysis|coma|"
    r"[a-z]+ syndrome|eye[- ]gaze|ventilator|gastrostomy|feeding tube|cochlear|hearing aids?|guide dog|"
    r"(?:with|has|had|lost|missing) (?:one|an?|his|her) (?:leg|arm|eye|hand|foot|kidney))"
)
DEED = (
    r"(?:murder(?:ed)?|manslaughter|killed|stabb(?:ed|ing)|shot dead|shooting|drowned|house fire|arson|"
    r"(?:the|a) fire (?:at|in|on)\b|explosion|gas leak|car crash|plane crash|hit and run|jail(?:ed)?|"
    r"lifeboat|helicopter|air ambulance|hot[- ]air balloon|stolen \w+|fairground|ferry|cruise ship|zoo\b|"
    r"high court|crown court|"
    r"kidnapp?(?:ed|ing)|inquest|witchcraft|spirit possession|acid attack|trafficked|surroga(?:te|cy)|"
    r"in the (?:news|papers?|press)|on (?:television|the news)|went viral|front page|terroris[mt]|"
    r"honour[- ]based|forced marriage|female genital mutilation|\bfgm\b|caravan site|houseboat|canal boat|"
    r"travelling (?:fair|circus)|circus|convent|monastery|embassy|lottery)"
)
# What is written with a digit and tells of nobody.
PLAIN_NUMBERS = re.compile(
    r"\b(?:stages?|standards?|levels?|steps?|sections?|s\.?) ?\d{1,2}(?:(?:,| and| or| to|-) ?\d{1,2})*\b"
    r"|\b(?:999|101|111)\b|\b24/7\b|\b1[:-]1\b|\b0[- ]to[- ]\d{1,2}s?\b"
    r"|\b\d{1,2}(?:[- ]to[- ]\d{1,2})?[- ](?:working[- ])?"
    r"(?:hours?|days?|weeks?|months?|minutes?)\b(?![- ]old)"
    r"|\b(?:Working Together|Keeping Children Safe in Education)(?: to Safeguard Children)?,? 20\d\d\b",
    re.IGNORECASE,
)


def _rule(kind: str, pattern: str, flags: int = re.IGNORECASE) -> Callable[[str], Iterator[Found]]:
    shape = re.compile(pattern, flags)

    def look(text: str) -> Iterator[Found]:
        for match in shape.finditer(text):
            yield Found(kind, match.group(), match.start(), match.end())

    return look


def _numbers(text: str) -> Iterator[Found]:
    """Everything with a digit in it, save what is plain."""
    plain = [match.span() for match in PLAIN_NUMBERS.finditer(text)]
    for match in re.finditer(r"[\w/.:+£-]*\d[\w/.:-]*", text):
        if not any(start < match.end() and match.start() < end for start, end in plain):
            words = match.group().rstrip(".:,-")
            yield Found(NUMBER, words, match.start(), match.start() + len(words))


RULES: tuple[Callable[[str], Iterator[Found]], ...] = (
    _rule(NUMBER, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+|(?<!\w)@\w{3,}"),
    _rule(PLACE, r"\b[A-Z]{1,2}\d[A-Z\d]?(?: ?\d[A-Z]{2})?\b", 0),
    _rule(NUMBER, r"(?:\+44|\b0)\d[\d ]{7,12}\d\b"),
    _rule(AGE, rf"\b{COUNT}(?:[- ]and[- ]a[- ]half)?[- ](?:years?|months?|weeks?|days?)[- ]olds?\b"),
    _rule(AGE, rf"\b{COUNT} years?,? and {COUNT} (?:months?|weeks?|days?)(?: old)?\b"),
    _rule(AGE, rf"\bage[ds]?(?: (?:of|at|only|just|about))? {COUNT}\b"),
    _rule(AGE, rf"\b(?:turn(?:s|ed|ing)?|is|was|just|only|nearly|almost) (?:{TEENS}|1[3-9])\b(?! \w+s\b)"),
    _rule(AGE, rf"\b{NTH} birthday\b|\bborn (?:on|in) \S+"),
    _rule(AGE, r"\b(?:in )?year (?:\d{1,2}|" + ONES + r"|thirteen)\b(?! of)"),
    _rule(DATE, rf"\b(?!May (?:I|we|you|they|he|she|it)\b)"
                rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{MONTH}(?: \d{{2,4}})?\b", 0),
    _rule(DATE, rf"\b{SURE_MONTH}\b"),
    _rule(DATE, rf"\bthe {NTH}(?: of (?:the month|{SURE_MONTH}|may|march))?(?= (?:of|at)\b)", re.IGNORECASE),
    _rule(DATE, rf"\b{FEAST}(?: (?:eve|day))?\b"),
    _rule(DATE, rf"(?<!\ba )(?<!\bevery )(?<!\bmost )(?<!\bany )(?<!\beach )(?<!\buntil )\b{DAY}\b"),
    _rule(DATE, r"\b\d{1,2}[.:]?\d{0,2} ?(?:am|pm|o[’']clock)\b"),
    _rule(DATE, r"\b(?:last|this|that|next) (?:spring|summer|autumn|winter)\b"),
    _rule(RARE, r"\b(?:twins?|triplets?|quadruplets?|quads)\b"),
    _rule(RARE, rf"\b{MANY} (?:\w+ )?{CHILDREN}\b"),
    _rule(RARE, rf"\b(?:the|his|her|their|our|an|\w+[’']s) only (?:[\w-]+ ){{0,3}}?{NOUNS}\b"
                r"(?: (?:in|at|on|from|of|who|with|there))?"),
    _rule(RARE, r"\b(?:the )?only (?:one|person|black|white|asian)\b (?:[\w-]+ )?(?:in|at|on|from|of)\b"),
    _rule(RARE, r"\bgreat[- ](?:great[- ])*(?:aunts?|uncles?|nephews?|nieces?|grand\w+)\b"),
    _rule(RARE, rf"\b(?:his|her|their|child[’']s) (?:late|adoptive|former|ex-?) ?{KIN}\b"),
    _rule(RARE, r"\b(?:widow(?:er)?|orphan)s?\b"),
    _rule(RARE, rf"\b(?:as|is|was) an? (?:professional|retired|serving|former) {WORK}\b"),
    _rule(RARE, rf"\b{PEOPLES}\b(?:[- ]speaking)?"),
    _rule(RARE, rf"\b{ILL}\b"),
    _rule(RARE, rf"\b{DEED}"),
    _rule(RARE, rf"\b{KIN}\b[^.?!]{{0,25}}?\b(?:is|was|works?|worked|being)(?: as)? (?:an?|the) "
                rf"(?:\w+[- ]){{0,2}}?{WORK}\b"),
    _rule(RARE, rf"\b{KIN}, (?:an?|the) (?:\w+[- ]){{0,3}}?{WORK}\b"),
    _rule(RARE, r"\b(?:well[- ]known|famous|prominent|councillor|mayor|footballer|imam|vicar|rabbi)\b"),
    _rule(RARE, rf"\b{WORK}[’']s (?:son|daughter|child|wife|husband)\b"),
    _rule(NAME, r"\b(?:mr|mrs|ms|miss|mx|dr|pc|dc|ds|di|sgt|cllr|rev|prof|sir|dame|judge)\.? [A-Z][\w’'-]*",
          re.IGNORECASE),
    _rule(NAME, r"\b(?:nicknamed|known as|(?:is|was|boy|girl|child|baby|son|daughter) called) [\w’'-]+"),
    _rule(NAME, r"\b(?:[Cc]hild|[Bb]oy|[Gg]irl|[Mm]other|[Ff]ather|[Ff]amily|[Bb]aby|[Ww]orker) [A-Z]\b", 0),
    _rule(NAME, r"\b(?:[A-Z]\.){2,}|\b[A-Z]\.(?= ?[A-Z])", 0),
    _numbers,
)  # fmt: skip


# Words written large

WORD = re.compile(r"[^\W\d_](?:[\w’'&-]*\w)?")
LAW = re.compile(r"[A-Z]\w+[’']s$")
"""Clare's Law, Martha's Rule: they name nobody who is meant."""
BEGINS = re.compile(r"(?:^|[.?!:;…]|\n|[“”\"(•*–—])[\s“”\"'‘(•*–—-]*$")
SUFFIXES = (
    "ion", "ing", "ment", "ness", "ity", "ance", "ence", "ship", "body", "one", "thing", "hood", "ism",
    "ery", "ful", "ive", "ly", "ed", "ers", "ors", "ists", "ies", "ses", "als",
)  # fmt: skip
DOES = frozenset(
    "said told tells says is was has had lives lived attends attended disclosed wants wanted refused asked "
    "called started moved went came ran felt feels thought does did cried lost stopped went's made gave "
    "left stayed kept wrote showed shows looked looks and who".split()
)


def _words_of(names: Iterable[str]) -> frozenset[str]:
    """The telling words of names: "Oakfield Primary School" is "oakfield"."""
    words = {word.lower() for name in names for word in WORD.findall(name) if len(word) > 2}
    return frozenset(words - TERMS - BEGINNINGS)


def _large(text: str, ours: frozenset[str]) -> Iterator[Found]:
    """Names: words written large where they need not be, common given names, and names the log has."""
    matches = list(WORD.finditer(text))
    following = [*(each.group() for each in matches[1:]), ""]
    for match, follows in zip(matches, following, strict=False):
        if _is_name(match.group(), text[: match.start()], follows, ours):
            yield Found(NAME, match.group(), match.start(), match.end())


def _is_name(word: str, before: str, follows: str, ours: frozenset[str]) -> bool:
    plain = re.sub(r"[’']s$|[’']$", "", word)
    low = plain.lower()
    if not plain[0].isupper():
        return low in GIVEN - ALSO_WORDS
    if low in TERMS or plain in ("I", "A") or re.match(r"I[’']", word):
        return low in GIVEN and low not in ALSO_WORDS
    if LAW.match(word) and follows in ("Law", "Rule"):
        return False
    if not BEGINS.search(before):
        return True
    if low in GIVEN - ALSO_WORDS or low in ours:
        return True
    return _acts(low, follows, owns=plain != word)


def _acts(word: str, follows: str, *, owns: bool) -> bool:
    """Whether a word that begins a sentence does or has what people do, and is no usual beginning."""
    if word in BEGINNINGS or word.endswith(SUFFIXES):
        return False
    return owns or follows.lower() in DOES


def _copied(text: str, source: str) -> Iterator[Found]:
    """Runs of words that stand in the source too."""
    there = [word.lower() for word in WORD.findall(source)]
    runs = {tuple(there[i : i + COPIED_FROM]) for i in range(len(there) - COPIED_FROM + 1)}
    matches = list(WORD.finditer(text))
    words = [match.group().lower() for match in matches]
    for i in range(len(words) - COPIED_FROM + 1):
        if tuple(words[i : i + COPIED_FROM]) in runs:
            start, end = matches[i].start(), matches[i + COPIED_FROM - 1].end()
            yield Found(COPIED, text[start:end], start, end)


TERMS = frozenset(
    """
    lado mash dsl dsls senco sen send ehcp camhs gp gps nhs marac mappa iro icpc rcpc cp cin lac dbs yjs yot
    qa taf csc mscp slt idva ppu abe plo swe hv ed icb lscp kcsie rag cpr tac toc strategy mdt dash
    working together keeping children safe in education early help front door section child children’s
    children's need protection social care services service escalation policy chatham house stage open forum
    forums police health head deputy designated safeguarding lead leads named nurse nurses multi-agency hub
    independent reviewing officer officers government local authority family court team teams manager
    managers worker workers visitor visitors midwife school schools nursery college hospital ward council
    partnership act acts conference core group plan panel review chair director directors public law outline
    housing probation education welfare youth justice adult adults mental standard standards level levels
    england english british uk united kingdom london maths internet god mum dad mummy daddy gran nan grandma
    grandad ofsted teacher teachers practitioner practitioners business unit professional professionals
    signs safety graded profile neglect toolkit one two ok tv wifi whatsapp snapchat tiktok instagram
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december
    visiting centre center north south east west central trust primary secondary academy services town borough
    a&e ewo nrm isva fgc sgo epo pcso eyfs semh mca mha iep pru ect hlta cme cse cce nai sudi cdop edt esw
    fsw da dv vawg fgm nspcc prevent channel gillick fraser operation encompass discharge summary
    facebook youtube xbox teams zoom covid adhd asd ptsd pe uniform special educational needs
    """.split()
)
"""Words written large in this work without naming anybody; of days and months the rules above tell."""
BEGINNINGS = frozenset(
    """
    the a an this that these those there then than they them their he she it we you i who what when where why
    how which whose while after before during since until once as if because although though despite however
    but and or so yet for from in on at by to with without within over under about into out up down off no
    not nobody none nothing everyone everybody everything someone somebody something anyone anybody both
    neither either each every all any some most many several few two three other another others such same
    one’s one next later soon now today again still only even also perhaps maybe first second third last
    finally instead meanwhile overall eventually mum dad mother father mam parents parent carer carers aunt
    uncle gran nan grandmother grandfather grandparents brother sister siblings son daughter child children
    baby toddler teenager boy girl pupil pupils student students family families neighbour neighbours friend
    friends school nursery college hospital police health housing probation court council staff social early
    youth adult adults education care help support concern concerns worry worries contact referral referrals
    advice feedback work records record plan plans progress risk risks trust silence nurse midwife doctor
    teacher teachers head manager managers lead leads worker workers officer officers visitor practitioner
    professionals chair panel team teams partner partners service services agency agencies information
    everyone’s it’s that’s what’s there’s he’s she’s they’re we’re can could would should will may might must
    do does did is was are were has had have being nothing’s much more less little time home sleep food money
    drift delay change challenge truth trust way life day night week weeks months years half whoever whatever
    here further following due given according based rather unlike like between among against through
    """.split()
)
"""Words that begin sentences without being names."""
GIVEN = frozenset(
    """
    muhammad mohammed mohamed mohammad ahmed ahmad ali omar umar yusuf yusef ibrahim ismail hassan hussain
    hussein bilal hamza zain zayn adam amir imran tariq khalid abdul abdullah abdi abdirahman farah ayaan
    aisha ayesha fatima fatma zainab khadija maryam mariam amina aaliyah noor leila layla yasmin zahra sana
    hafsa sumaya halima hodan ifrah nasra samira sara sarah hannah rebecca rachel esther naomi miriam leah
    oliver olly george arthur noah leo harry oscar archie henry theodore theo freddie jack charlie thomas tom
    jacob james william billy joshua josh alfie ethan isaac lucas luca edward eddie joseph joe samuel sam
    benjamin ben daniel danny max alexander alex finley finn logan harrison toby tobias jake liam dylan riley
    callum connor kieran ryan aaron nathan lewis luke matthew matt michael mike david dave john jon jonathan
    robert rob robbie richard steven stephen stephanie steph peter paul andrew andy kevin gary barry darren
    jason lee wayne craig scott stuart graham keith trevor nigel neil ian simon martin tony anthony patrick
    sean shaun kyle jordan tyler brandon kayden jayden kai zac zachary reuben ezra elijah elias ezekiel
    olivia amelia isla ava ivy freya lily florence mia willow rosie sophie sophia isabella grace daisy ella
    evie emily emma poppy charlotte evelyn phoebe harriet alice maisie matilda elsie ellie lucy jessica jess
    chloe molly millie erin holly megan amy beth bethany abigail caitlin lauren zoe imogen eliza rose ruby
    scarlett summer amber jasmine nicole natalie natasha danielle kelly stacey tracey michelle nicola julie
    karen susan linda jane anne anna hayley kirsty gemma leanne claire clare katie kate katherine catherine
    kathryn victoria vicky elizabeth liz margaret maria marie teresa patricia sandra sharon deborah debbie
    jacqueline helen heather diane wendy lesley laura louise lisa samantha sadie skye tia tilly kayla kiera
    keira shannon chelsea paige demi kerry kim carly courtney aria luna nevaeh destiny mya nia
    priya anjali kavita deepa sunita meera mira anika ananya diya riya pooja neha sonia nisha arjun rohan
    rahul raj ravi sanjay vikram aarav krishna amit anil suresh harpreet gurpreet simran jaspreet manpreet
    oluwaseun seun tunde kemi chidi chinwe emeka ngozi ada amara chioma adebayo folake kwame kofi kwesi ama
    akua abena yaw nana tendai thandi sipho jakub jan piotr tomasz pawel marcin krzysztof agnieszka
    katarzyna kasia magdalena zofia zuzanna oliwia andrei ionut mihai elena ioana florin bogdan cristina
    dragos ivan dmitri olena oksana sergei natalia svetlana mateusz kacper joao pedro miguel tiago ines
    beatriz carlos jose juan luis pablo diego sofia lucia camila valentina marco giulia francesca giovanni
    mehmet mustafa emre elif ayse zeynep can deniz hiroshi yuki mei ling wei jing xin chen minh linh thi
    huong kiran jamal tyrone dwayne leroy marlon shanice keisha latoya tanisha kadeem malachi josiah
    tamika deshawn andre darnell kwabena fatou mamadou ousmane amadou binta isatou
    siobhan sinead niamh aoife saoirse ciara ciaran cian oisin padraig eoin declan brendan fergus angus
    hamish alasdair morag eilidh catriona fiona mhairi rhys rhiannon carys cerys ffion bronwen angharad
    sioned gareth gethin owen owain huw ieuan emrys dafydd elin cadi efa kayleigh kylie kelsey kirsten
    kaitlyn chantelle chanelle shaniqua shauna tracy stacy tiffany tanya tasha nadia nadine nikita
    destinee jodie jody josie jaden jaydon kaden brayden tyrese tremaine delroy winston isaiah jeremiah
    caleb micah zayd zara zahid zeeshan zoya rayan rayyan rizwan salman sajid shabana shabnam shazia
    shahid sohail tahir tahira tahmina waseem wasim yasir yasmeen nabil nadeem naveed nasir parveen
    rukhsana rashid rehan rabia puja preeti prakash pranav pradeep rajesh rakesh rohit sandeep sunil
    anita asha deepak dilip divya geeta gita lakshmi manoj meena mohan mukesh nikhil nitin usha vijay
    vinod vivek chinedu chukwuemeka nneka obinna olu olumide olamide segun temitope tope wale yetunde
    yemi ayo ayodele babatunde bisi bola bukola damilola dayo femi funmi ifeoma ikenna kelechi kwaku kojo
    kwasi akosua adwoa afia efua esi aleksander aleksandra andrzej beata bartosz dawid dorota ewa
    grzegorz iwona jaroslaw jerzy krystyna lukasz maciej malgorzata marek przemyslaw rafal slawomir
    wojciech zbigniew catalin constantin cristian daniela gheorghe iulia mihaela radu razvan roxana
    stefan vasile viorica besnik arben blerim drita erion fatmir gentian ilir luan valbona oleksandr
    andriy bohdan dmytro iryna kateryna mykola natalya serhiy svitlana taras volodymyr yulia aleksei
    alexei anastasia boris ekaterina igor irina ludmila mikhail nikolai olga pavel tatiana vladimir yuri
    jorge eduardo fernando francisco gabriel guilherme javier manuel marta paulo rafael ricardo rodrigo
    santiago thiago ximena nguyen phuong thanh trang tuan hoang xiao keiko haruto sakura tesfaye selam
    abebe almaz dawit fikru haile kidane meron mulu semhar tekle yonas abdirahim abdullahi amal asad
    deeqa fadumo faduma fartun guled hibo idil ilhan jama khadra liban mahad nimco sagal saida suad
    warsame aylin aysel berk burak cemal derya ebru emine fatih hakan hatice kemal merve murat ozan selin
    sibel yilmaz archibald barnaby bartholomew cecily clarissa clementine cordelia crispin cressida digby
    dexter esme fenella genevieve giles gwendolyn hettie hugo iona jemima jolyon jonty lachlan leopold
    lettice ludo marigold maximilian monty otis ottilie otto ottoline persephone peregrine piers primrose
    quentin rafe rufus rupert sebastian tabitha tarquin theodora tristan ursula wilfred winifred xanthe
    """.split()
)
"""Common given names of London's families, in small letters."""
ALSO_WORDS = frozenset(
    """
    will may mark grace hope rose summer faith joy bill frank grant dean miles amber dawn iris lee jack ray
    rob sue pat penny ruby violet ivy lily daisy poppy olive holly heather jade pearl crystal christian guy
    max dale glen carol april june august destiny can jan ling thi chen ada ama joe sam tom sara scarlett
    willow reuben skye mia nana leo luna aria kim chelsea paige craig scott jordan logan riley kay
    """.split()
)
"""Names that are words too: told from them by nothing but where they stand."""
