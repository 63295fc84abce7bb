"""The templates of ``report.html``. They hold the markup; what they are filled with never does."""
