"""Pages for people, in Gradio."""
