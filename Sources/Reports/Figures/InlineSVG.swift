import Foundation

/// Makes gnuplot's SVG fit for a page: no XML header, black replaced by the page's ink.
enum InlineSVG {
    static func adapted(_ text: String, label: String) -> String {
        var text = text
        if let start = text.range(of: "<svg") { text = String(text[start.lowerBound...]) }
        // currentColor is what the page says; a colour set on a group would override it.
        text = text.replacing(" color=\"black\"", with: "")
            .replacing(" color=\"white\"", with: "")
            .replacing("stroke='black'", with: "stroke='currentColor'")
            .replacing("stroke=\"black\"", with: "stroke=\"currentColor\"")
            .replacing("fill=\"black\"", with: "fill=\"currentColor\"")
            .replacing("fill = 'black'", with: "fill = 'currentColor'")
            .replacing("stroke='rgb(  0,   0,   0)'", with: "stroke='currentColor'")
            .replacing("fill='rgb(  0,   0,   0)'", with: "fill='currentColor'")
        // White discs under points with intervals show on a dark page.
        text = text.replacing(#/\s*<use [^>]*color='white'\/>/#, with: "")
        // gnuplot's title is its own name, which every browser would show as a tooltip.
        text = text.replacing(#/<title>[^<]*<\/title>\s*<desc>[^<]*<\/desc>/#, with: "")
        return text.replacing(
            "<svg", with: "<svg role=\"img\" aria-label=\"\(HTMLText.escape(label))\"",
            maxReplacements: 1
        ).trimmingTrailingWhitespace() + "\n"
    }
}

extension String {
    fileprivate func trimmingTrailingWhitespace() -> String {
        var text = Substring(self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
