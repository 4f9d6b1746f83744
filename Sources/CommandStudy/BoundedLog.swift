/// What a program prints, bounded: its beginning and its end.
struct BoundedLog {
    private var head: [UInt8] = []
    private var rest: [UInt8] = []
    private var dropped = 0
    /// Of the beginning, what was given away already.
    private var given = 0
    private let limit: Int

    init(bytes: Int) { limit = max(64, bytes) }

    mutating func append(_ bytes: some Collection<UInt8>) {
        var bytes = Array(bytes)
        let room = limit / 4 - head.count
        if room > 0 {
            head += bytes.prefix(room)
            bytes.removeFirst(min(room, bytes.count))
        }
        rest += bytes
        // Half of it at once, so that long outputs are not moved byte by byte.
        let most = limit - limit / 4
        if rest.count > 2 * most {
            dropped += rest.count - most
            rest.removeFirst(rest.count - most)
        }
    }

    var text: String { text(from: 0) }

    /// All but what ``newLines()`` has given.
    var notGiven: String { text(from: given) }

    /// Whether something had to be left out.
    var isCut: Bool { dropped > 0 || rest.count > limit - limit / 4 }

    /// Whole lines of the beginning that were not given yet; what is behind the beginning is known at the end
    /// alone.
    mutating func newLines() -> String {
        guard let end = head[given...].lastIndex(of: 0x0A) else { return "" }
        defer { given = end + 1 }
        return Self.words(head[given...end])
    }

    private func text(from start: Int) -> String {
        let most = limit - limit / 4
        let cut = max(0, rest.count - most)
        let gap = dropped + cut
        // A character may lie across the border.
        if gap == 0 { return Self.words(head[start...] + rest) }
        return Self.words(head[start...]) + "\n... \(gap) bytes left out ...\n"
            + Self.words(rest.dropFirst(cut))
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> String {
        // To a database a text ends at its first zero.
        String(decoding: bytes, as: UTF8.self).replacing("\0", with: "\u{2400}")
    }

    /// The last lines that have something on them.
    func tail(lines: Int) -> String {
        text.split(whereSeparator: \.isNewline).suffix(lines).joined(separator: "\n")
    }
}
