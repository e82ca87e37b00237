"""A photo beside its cut-out: on a checkerboard, on dark and on light ground."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from studio.domain.geometry import Box
from studio.imaging.cutout import Method
from studio.ui.present.pieces import percent
from studio.workflows.photos import PhotoProposal

GROUNDS = (
    ("checks", "On nothing"),
    ("dark", "On dark ground"),
    ("light", "On light ground"),
)
HOW = {
    Method.TRANSPARENT: "It came cut out: its own transparency is used as it is.",
    Method.KEYED: "Cut by its plain light background.",
    Method.GRABCUT: "Cut by the colours inside and outside the frame.",
    Method.REMBG: "Cut by a network.",
}


def cutting(name: str) -> str:
    """What stands there while a photo is being cut out."""
    return (
        f'<p class="quiet" role="status">Cutting out {escape(name)} … A photo without a plain '
        "background takes some seconds, the first one on this computer up to a minute.</p>"
    )


def refused(reason: str) -> str:
    """Why a photo can't be used at all."""
    words = escape(reason.removeprefix("product.photos: "))
    return f'<div class="verdict is-bad" role="status">{words}</div>'


def kept(path: str) -> str:
    """What to do once a cut-out was accepted."""
    return (
        '<p class="verdict is-good" role="status">Kept as '
        f"<code>{escape(path)}</code> and named in the brief. Save the brief to use it.</p>"
    )


def comparison(proposal: PhotoProposal) -> str:
    """The original, where a frame can be drawn, and the cut-out on three grounds."""
    cut = f"/files/{proposal.cut}"
    name = escape(proposal.name)
    shown = "".join(
        f'<figure class="cut-on is-{kind}"><a href="{cut}" target="_blank" title="Full size">'
        f'<img src="{cut}?width=640" alt="{name}, cut out"></a>'
        f"<figcaption>{caption}</figcaption></figure>"
        for kind, caption in GROUNDS
    )
    original = (
        '<figure class="cut-original"><div class="cut-canvas">'
        f'<img src="/files/{proposal.shown}" alt="{name}, the original" draggable="false">'
        f"{_frame(proposal.frame)}</div>"
        "<figcaption>The original: draw a frame around the product to cut it again"
        "</figcaption></figure>"
    )
    return (
        f'<div class="cut-preview">{_verdict(proposal)}'
        f'<div class="cut-figures">{original}{shown}</div>{_facts(proposal)}</div>'
    )


def _frame(frame: Box | None) -> str:
    if frame is None:
        return '<span class="cut-frame" hidden></span>'
    places = (
        ("left", frame.left),
        ("top", frame.top),
        ("width", frame.right - frame.left),
        ("height", frame.bottom - frame.top),
    )
    style = ";".join(f"{name}:{share * 100:.2f}%" for name, share in places)
    return f'<span class="cut-frame" style="{style}"></span>'


def _verdict(proposal: PhotoProposal) -> str:
    if not proposal.faults:
        return (
            '<p class="verdict is-good" role="status">The cut looks clean. Look at its edges '
            "before you use it.</p>"
        )
    lines = "".join(f"<li>{escape(fault)}</li>" for fault in proposal.faults)
    return (
        '<div class="verdict is-bad" role="status"><b>This cut can’t be used</b>'
        f"<ul>{lines}</ul></div>"
    )


def _facts(proposal: PhotoProposal) -> str:
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _measures(proposal))
    notes = "".join(
        f"<li>{escape(note)}</li>" for note in (HOW[proposal.method], *proposal.notes)
    )
    return f'<ul class="cut-notes">{notes}</ul><dl class="cut-facts">{facts}</dl>'


def _measures(proposal: PhotoProposal) -> Iterator[tuple[str, str]]:
    quality = proposal.quality
    yield "Product", f"{quality.width_px} × {quality.height_px} px"
    yield "Of the photo", percent(quality.area_share)
    if proposal.method is not Method.TRANSPARENT:
        yield "Edge that can’t be seen", percent(quality.faint_share)
        yield "Contrast at the edge", f"{quality.contrast:.2f}"
    yield "Soft rim", f"{quality.soft_px:.1f} px"
