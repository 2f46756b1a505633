"""Verdicts and tables as HTML: beside the live picture, and in the notebook that was saved without a kernel."""
import html
from base64 import b64encode


def table_html(table):
    """(caption, header, rows) as an HTML table."""
    caption, header, rows = table

    def line(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return (f"<table><caption>{html.escape(caption)}</caption><thead>{line(header, 'th')}</thead>"
            f"<tbody>{''.join(line(row, 'td') for row in rows)}</tbody></table>")


def said_html(words, table):
    """The verdict and the table of the panel of core widgets."""
    return f'<div class="bpviz-words" role="status" aria-live="polite">{html.escape(words)}</div>{table_html(table)}'


def error_html(sentence):
    """An error in words, or nothing for an empty sentence."""
    return f'<div class="bpviz-error" role="alert">{html.escape(sentence)}</div>' if sentence else ""


def title_html(title, question):
    """The head of a panel."""
    return (f"<h3 style='margin:0'>{html.escape(title)}</h3>"
            f"<p style='margin:0 0 6px;line-height:1.4'>{html.escape(question)}</p>")


def still_html(title, png, width, words, table):
    """A picture (PNG bytes, `width` CSS pixels) with its words and table, which needs no kernel and no widget."""
    words = html.escape(words, quote=True)
    return (f'<figure class="bpviz-static" style="margin:0"><img alt="{html.escape(title)}. {words}" '
            f'src="data:image/png;base64,{b64encode(png).decode()}" style="max-width:100%;width:{width}px">'
            f"<figcaption>{words}</figcaption>{table_html(table)}</figure>")
