"""The runbook as a page that Prometheus serves beside its figures.

So an alert's link opens on the machine that the alert is about.
"""

import html
import re

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Runbook</title>
<style>
  body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  pre { background: #eef1f3; padding: .6rem .8rem; overflow-x: auto; } table { border-collapse: collapse; }
  td { border: 1px solid #d9e0e5; padding: .2rem .6rem; vertical-align: top; } h2:target { background: #fdf1c7; }
</style>
</head>
<body>
"""


def escaped(text):
    """A text as HTML, without what Prometheus would take for a template."""
    return html.escape(text, quote=False).replace("{", "&#123;")


def shown(text):
    """A line of Markdown as HTML: code and bold words."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", escaped(text)))


def anchor(head):
    """The name by which a link finds a heading, as GitHub makes it of Markdown."""
    return re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-")


def runbook_page(text):
    """The page of a Markdown text: headings, paragraphs, tables, and commands."""
    lines = []
    commands = table = False
    for line in text.splitlines():
        if line.startswith("```"):
            lines.append("</pre>" if commands else "<pre>")
            commands = not commands
            continue
        if commands:
            lines.append(escaped(line))
            continue
        row = line.startswith("|")
        if row != table:
            lines.append("<table>" if row else "</table>")
            table = row
        heading = re.fullmatch(r"(#+) (.*)", line)
        if row:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not all(re.fullmatch("-+", cell) for cell in cells):
                lines.append("<tr>" + "".join(f"<td>{shown(cell)}</td>" for cell in cells) + "</tr>")
        elif heading:
            level = min(len(heading.group(1)), 6)
            lines.append(f'<h{level} id="{anchor(heading.group(2))}">{shown(heading.group(2))}</h{level}>')
        else:
            lines.append(shown(line) if line.strip() else "<p>")
    if table:
        lines.append("</table>")
    return HEAD + "\n".join(lines) + "\n</body>\n</html>\n"


class FilterModule:
    """What Ansible looks for."""

    def filters(self):
        return {"runbook_page": runbook_page}
