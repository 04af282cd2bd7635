"""A QR code as a picture of its own, without a style in it."""

import qrcode

QUIET = 4  # light squares around it, as scanners need them


def qr_svg(text: str) -> str:
    """Black squares on white, whatever the page's own colours are."""
    code = qrcode.QRCode(border=QUIET)
    code.add_data(text)
    rows: list[list[bool]] = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="240" height="240" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{dark}"/></svg>'
    )
