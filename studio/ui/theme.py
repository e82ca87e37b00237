"""Colours, type and spacing of the pages' form components; the rest is in studio.css."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils.colors import Color

ACCENT = Color(
    c50="#eef0fc", c100="#dfe3f9", c200="#c3caf3", c300="#9fabea", c400="#7282de",
    c500="#4a5dd2", c600="#3046c5", c700="#2839a3", c800="#243284", c900="#202c6b",
    c950="#141b45", name="studio",
)  # fmt: skip
PAPER = Color(
    c50="#faf9f7", c100="#f3f1ed", c200="#e4e1da", c300="#cfcbc2", c400="#a8a39a",
    c500="#7d786f", c600="#64615b", c700="#46433e", c800="#2b2926", c900="#1f1d1b",
    c950="#161513", name="paper",
)  # fmt: skip
FACES = [
    "Studio Sans",
    "Studio Arabic",
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "sans-serif",
    "Studio Han",
]
FIXED_FACES = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def studio_theme() -> gr.themes.Base:
    """The theme of every page."""
    theme = gr.themes.Base(
        primary_hue=ACCENT, neutral_hue=PAPER, radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_md, font=FACES, font_mono=FIXED_FACES,
    )  # fmt: skip
    return theme.set(
        body_background_fill="var(--paper)",
        body_background_fill_dark="var(--paper)",
        block_background_fill="var(--card)",
        block_background_fill_dark="var(--card)",
        block_border_width="0px",
        block_label_text_weight="550",
        block_title_text_weight="550",
        button_primary_background_fill="var(--accent)",
        button_primary_background_fill_dark="var(--accent)",
        button_primary_text_color="var(--on-accent)",
        button_primary_text_color_dark="var(--on-accent)",
        button_secondary_background_fill="var(--card)",
        button_secondary_background_fill_dark="var(--card)",
        button_secondary_background_fill_hover="var(--wash)",
        button_secondary_background_fill_hover_dark="var(--wash)",
        button_secondary_border_color="var(--line)",
        button_secondary_border_color_dark="var(--line)",
        button_secondary_text_color="var(--ink)",
        button_secondary_text_color_dark="var(--ink)",
        button_border_width="1px",
        button_primary_border_color="var(--accent)",
        button_primary_border_color_dark="var(--accent)",
        block_title_text_color="var(--ink)",
        block_title_text_color_dark="var(--ink)",
        block_info_text_color="var(--quiet)",
        block_info_text_color_dark="var(--quiet)",
        input_border_width="1px",
        button_large_radius="10px",
        button_large_text_weight="600",
        input_background_fill="var(--field)",
        input_background_fill_dark="var(--field)",
        input_border_color="var(--line)",
        input_border_color_dark="var(--line)",
        input_radius="10px",
    )
