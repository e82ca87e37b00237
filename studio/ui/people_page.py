"""The page where an admin sees and adds people."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import gradio as gr

from studio.domain.creative import Role
from studio.domain.person import RIGHTS, Person
from studio.errors import NotAllowed
from studio.ui.handlers import tells_user, who
from studio.ui.parts import ACT, QUIET, html
from studio.ui.present.pieces import empty_state, page_title
from studio.ui.services import Services


@dataclass(frozen=True, slots=True)
class People:
    """What the page shows and does."""

    services: Services

    @tells_user
    def load(self, request: gr.Request) -> tuple[str, gr.Column]:
        person = who(self.services.sign_in, request)
        try:
            people = self.services.accounts.people(person)
        except NotAllowed as error:
            return empty_state("Only admins see this page", str(error)), gr.Column(
                visible=False
            )
        return people_table(people), gr.Column(visible=True)

    @tells_user
    def add(self, name: str, role: str, request: gr.Request) -> tuple[str, str]:
        """Make the account; its one-time password is shown this once."""
        person = who(self.services.sign_in, request)
        password = secrets.token_urlsafe(12)
        added = self.services.accounts.add(name.strip(), Role(role), password, person)
        table = people_table(self.services.accounts.people(person))
        return table, one_time_password(added, password)


def build(services: Services, page: gr.Blocks) -> None:
    """Lay out the page and wire its events."""
    view = People(services)
    html(page_title("People", "Who may sign in, and what they may do."))
    with gr.Column(visible=False, elem_classes="pane") as panel:
        with gr.Row(equal_height=True):
            name = gr.Textbox(label="Name", placeholder="aiko", max_length=64)
            role = gr.Dropdown(
                label="Role",
                choices=[(each.capitalize(), str(each)) for each in Role],
                value=str(Role.REVIEWER),
            )
            add = gr.Button("Add", variant="primary", scale=0, elem_id="add-person")
        password = html(elem_id="one-time-password")
    table = html(elem_id="people")

    page.load(view.load, None, [table, panel], **QUIET)
    add.click(view.add, [name, role], [table, password], **ACT)


def people_table(people: Sequence[Person]) -> str:
    """Everybody with their role and rights."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(person.name)}</th><td>{person.role}</td>"
        f'<td class="quiet">{", ".join(sorted(RIGHTS[person.role]))}</td></tr>'
        for person in people
    )
    return (
        '<div class="sheet"><table><thead><tr><th>Name</th><th>Role</th><th>May</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def one_time_password(person: Person, password: str) -> str:
    """The password to hand over, shown once."""
    return (
        f'<p class="verdict is-good">Give {escape(person.name)} this one-time password; it is '
        f"shown only now: <code>{escape(password)}</code></p>"
    )
