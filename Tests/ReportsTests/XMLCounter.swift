import Testing

/// Walks the tags of XML or of HTML that closes all its elements, and fails where they do not nest.
struct XMLCounter {
    /// Elements that HTML never closes.
    var void: Set<String> = []

    func elements(in text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Int {
        var open: [String] = []
        var count = 0
        let pattern = #/<(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>/#
        for match in text.matches(of: pattern) {
            let name = String(match.2)
            if match.1 == "/" {
                let last = open.popLast()
                #expect(
                    last == name, "</\(name)> closes <\(last ?? "nothing")>",
                    sourceLocation: sourceLocation)
            } else {
                count += 1
                if match.4.isEmpty, !void.contains(name) { open.append(name) }
            }
        }
        #expect(open == [], "left open: \(open)", sourceLocation: sourceLocation)
        return count
    }
}
