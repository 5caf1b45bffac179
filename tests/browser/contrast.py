"""A script that measures the contrast of every text on a page (WCAG 2.2, 1.4.6: 7 to 1)."""

from __future__ import annotations

from typing import Final

CONTRAST: Final = """() => {
    const brush = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const colour = text => {  // the browser's own reading of any notation, oklch too
        brush.clearRect(0, 0, 1, 1);
        brush.fillStyle = text;
        brush.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
        return {rgb: [r, g, b], a: a / 255};
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(
            v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const over = (top, under) => under.map((v, i) => top.rgb[i] * top.a + v * (1 - top.a));
    const behind = one => {
        const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
        if (!one) return isDark ? [18, 18, 18] : [255, 255, 255];  // Chromium's canvas
        const own = colour(getComputedStyle(one).backgroundColor);
        return own.a === 1 ? own.rgb : over(own, behind(one.parentElement));
    };
    const seen = one => one.checkVisibility() && one.getClientRects().length
        && !one.closest('.comity-sr, .comity-hp, .comity-skip, .comity-edited time, [aria-hidden]');
    const faint = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const one = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !seen(one)) continue;
        const paper = behind(one);
        const [a, b] = [light(over(colour(getComputedStyle(one).color), paper)), light(paper)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 7) faint.push(`${one.className || one.tagName} ${ratio.toFixed(2)}`);
    }
    return [...new Set(faint)].slice(0, 8);
}"""
