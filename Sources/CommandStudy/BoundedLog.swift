/// What a program prints, bounded: its beginning and its end.
struct BoundedLog {
    private var head: [UInt8] = []
    private var rest: [UInt8] = []
    private var dropped = 0
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

    var text: String {
        let most = limit - limit / 4
        let cut = max(0, rest.count - most)
        let gap = dropped + cut
        let text =
            String(decoding: head, as: UTF8.self)
            + (gap > 0 ? "\n... \(gap) bytes left out ...\n" : "")
            + String(decoding: rest.dropFirst(cut), as: UTF8.self)
        // To a database a text ends at its first zero.
        return text.replacing("\0", with: "\u{2400}")
    }

    /// The last lines that have something on them.
    func tail(lines: Int) -> String {
        text.split(whereSeparator: \.isNewline).suffix(lines).joined(separator: "\n")
    }
}
