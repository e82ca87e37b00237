"""The brief as a form, with its YAML beside it; what changes here changes there."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TypeAlias

import gradio as gr
from pydantic import TypeAdapter

from studio.domain.brief import Voice
from studio.errors import InputError
from studio.intake.brief_form import BriefForm
from studio.ui.handlers import campaign_in, tells_user, who
from studio.ui.parts import ACT, LIVE, QUIET, html
from studio.ui.photo_part import photo_part
from studio.ui.present.brief import problems, version_choices
from studio.ui.present.pieces import address, button_link, page_title
from studio.ui.services import Services

Field: TypeAlias = gr.Textbox | gr.Number | gr.Dropdown | gr.CheckboxGroup
NAMES = tuple(field.name for field in fields(BriefForm))
FORM = TypeAdapter(BriefForm)
NUMBERS = ("days", "variants_per_market")
WORD_LISTS = ("words_to_use", "words_to_avoid")


@dataclass(frozen=True, slots=True)
class BriefView:
    """What the page shows and does."""

    services: Services

    @tells_user
    def load(self, request: gr.Request) -> tuple[object, ...]:
        who(self.services.sign_in, request)
        slug = campaign_in(request)
        try:
            text = self.services.briefs.yaml(slug)
        except InputError as error:
            left = [gr.skip()] * len(NAMES)
            return page_title("Brief"), "", problems(error), *left, gr.skip()
        title = page_title("Brief", f"campaigns/{slug}/brief.yaml")
        return title, text, *self.from_yaml(text, request), self._versions(slug)

    def from_yaml(self, text: str, request: gr.Request) -> tuple[object, ...]:
        """Problems and form values of a text; a text that can't be read leaves the form."""
        try:
            form = self.services.briefs.form(text)
        except InputError as error:
            return problems(error), *[gr.skip()] * len(NAMES)
        return self._checked(text, request), *shown_values(form)

    def from_form(self, request: gr.Request, text: str, *values: object) -> tuple[object, str]:
        """The text with the form's values, and its problems.

        A text that stays as it is isn't sent back: somebody may be typing in it by now.
        """
        try:
            changed = self.services.briefs.with_form(text, form_of(values))
        except InputError as error:
            return gr.skip(), problems(error)
        shown = changed if changed.rstrip() != text.rstrip() else gr.skip()
        return shown, self._checked(changed, request)

    @tells_user
    def save(self, text: str, request: gr.Request) -> tuple[str, gr.Dropdown, str]:
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        try:
            self.services.briefs.save(slug, text, person)
        except InputError as error:
            return problems(error), gr.Dropdown(), "Not saved"
        onward = button_link("Generate ads", address("generate", slug))
        return problems(None), self._versions(slug), f"Saved. {onward}"

    @tells_user
    def restore(self, revision: int | None, request: gr.Request) -> tuple[object, ...]:
        """An earlier version's text in the editor; nothing is saved yet."""
        who(self.services.sign_in, request)
        versions = self.services.briefs.versions(campaign_in(request))
        text = next((each.yaml_text for each in versions if each.revision == revision), None)
        if text is None:
            raise InputError("Choose a version first.")
        return text, *self.from_yaml(text, request), "Restored in the editor, not saved yet"

    def _checked(self, text: str, request: gr.Request) -> str:
        try:
            self.services.briefs.check(text, slug=campaign_in(request))
        except InputError as error:
            return problems(error)
        return problems(None)

    def _versions(self, slug: str) -> gr.Dropdown:
        try:
            versions = self.services.briefs.versions(slug)
        except InputError:
            versions = ()
        choices = version_choices(versions, now=self.services.briefs.clock())
        return gr.Dropdown(choices=choices, value=choices[0][1] if choices else None)


def build(services: Services, page: gr.Blocks) -> None:
    """Lay out the page and wire its events."""
    view = BriefView(services)
    with gr.Row(elem_classes="title-row"):
        title = html(page_title("Brief"))
        saved = html(elem_id="brief-saved", elem_classes="onward")
        save = gr.Button("Save", variant="primary", scale=0, elem_id="save-brief")
    found = html(elem_id="brief-problems")
    with gr.Row(elem_classes="brief-columns"):
        with gr.Column(scale=5, min_width=380):
            photo = photo_part(services)
            form = _form(services)
        with gr.Column(scale=6, min_width=420, elem_classes="yaml-column"):
            text = gr.Code(
                language="yaml", label="brief.yaml", interactive=True, lines=30, max_lines=42,
                elem_id="brief-yaml",
            )  # fmt: skip
            with gr.Row(equal_height=True, elem_classes="versions"):
                versions = gr.Dropdown(label="Versions", choices=[], scale=3)
                restore = gr.Button("Put into the editor", scale=1)

    inputs = list(form.values())
    page.load(view.load, None, [title, text, found, *inputs, versions], **QUIET)
    text.input(view.from_yaml, text, [found, *inputs], **LIVE)
    for component in inputs:
        component.input(view.from_form, [text, *inputs], [text, found], **LIVE)
        if isinstance(component, gr.Textbox | gr.Number):
            # What is pasted, dictated or filled in by the browser comes without key events.
            component.blur(view.from_form, [text, *inputs], [text, found], **LIVE)
    save.click(view.save, text, [found, versions, saved], **ACT)
    restore.click(view.restore, versions, [text, found, *inputs, saved], **ACT)
    photo.wire(text, view.from_yaml, [found, *inputs])


def _form(services: Services) -> dict[str, Field]:
    """The form's components, by field and in the order of `BriefForm`."""
    known = services.briefs.reader.known
    markets = [(market.name, locale) for locale, market in services.library.markets().items()]
    placements = [(services.placements[each].name, each) for each in known.placements]
    voices = [(voice.capitalize(), str(voice)) for voice in Voice]
    components: dict[str, Field] = {}
    with gr.Column(elem_classes="pane"):
        html("<h2>Campaign</h2>")
        components["title"] = gr.Textbox(label="Title", max_length=120)
        with gr.Row():
            components["launch"] = gr.Textbox(
                label="Launch", placeholder="2026-12-01", max_length=10
            )
            components["daily_budget"] = gr.Textbox(
                label="Budget per day", placeholder="400 EUR", max_length=24
            )
            components["days"] = gr.Number(label="Days", precision=0, minimum=1)
    with gr.Column(elem_classes="pane"):
        html("<h2>Product and brand</h2>")
        with gr.Row():
            components["product_name"] = gr.Textbox(label="Product", max_length=80)
            components["product_category"] = gr.Dropdown(
                label="Category", choices=sorted(known.benefits), allow_custom_value=True
            )
        with gr.Row():
            components["brand_name"] = gr.Textbox(label="Brand", max_length=80)
            components["voice"] = gr.Dropdown(label="Voice", choices=voices)
        with gr.Row():
            components["words_to_use"] = gr.Textbox(
                label="Words to use", info="Separated by commas"
            )
            components["words_to_avoid"] = gr.Textbox(
                label="Words to avoid", info="Separated by commas"
            )
    with gr.Column(elem_classes="pane"):
        html("<h2>Where it runs</h2>")
        components["markets"] = gr.CheckboxGroup(label="Markets", choices=markets)
        components["placements"] = gr.CheckboxGroup(label="Placements", choices=placements)
        components["variants_per_market"] = gr.Number(
            label="Variants per market", precision=0, minimum=1, maximum=60
        )
    return {name: components[name] for name in NAMES}


def shown_values(form: BriefForm) -> list[object]:
    """The form's values as its components take them."""
    return [
        ", ".join(value) if name in WORD_LISTS else list(value) if _listed(value) else value
        for name, value in asdict(form).items()
    ]


def form_of(values: tuple[object, ...]) -> BriefForm:
    """The form from its components' values."""
    named = dict(zip(NAMES, values, strict=True))
    read = {name: _typed(name, value) for name, value in named.items()}
    return FORM.validate_python(read)


def _typed(name: str, value: object) -> object:
    """A component's value as the form's field: words split, empty numbers 0."""
    if name in WORD_LISTS:
        words = str(value or "").split(",")
        return tuple(word.strip() for word in words if word.strip())
    if isinstance(value, list):
        return tuple(value)
    if value is None:
        return () if name in ("markets", "placements") else 0 if name in NUMBERS else ""
    return value


def _listed(value: object) -> bool:
    return isinstance(value, tuple | list)
