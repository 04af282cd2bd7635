// The one entry. Every page works without it; each part only makes a page quicker or kinder.
import { listenToHide } from "./hide.js";
import { revealConditions } from "./conditional.js";
import { focusOnErrors } from "./focus.js";
import { watchChoices } from "./belongs.js";
import { watchText } from "./warnings.js";
import { offerStarts } from "./starts.js";
import { narrowLists } from "./search.js";
import { offerCopies } from "./copy.js";
import { keepListsLive } from "./live.js";
import { warnOfEnd } from "./ending.js";
import { guardSubmits } from "./submit.js";
import { offerPasskeys } from "./passkey.js";

for (const start of [listenToHide, revealConditions, focusOnErrors, watchChoices, watchText, offerStarts, narrowLists, offerCopies, keepListsLive, warnOfEnd, guardSubmits, offerPasskeys]) {
  try {
    start(document);
  } catch (error) {
    console.error(error); // one part's failure must not take the others with it
  }
}
