import Foundation

/// What a browser asks, without a body: its first line and its headers.
package struct RequestHead: Sendable, Equatable {
    package enum Fault: Error, Equatable {
        case tooLong
        case malformed
    }

    package let method: String
    /// Without the query, decoded.
    package let path: String
    /// What stands behind the question mark, as it was sent.
    package let query: String
    /// By their names in small letters.
    private let headers: [String: [String]]
    private let staysByDefault: Bool

    /// - Parameter lines: without their ends.
    /// - Throws: ``Fault/malformed``.
    package init(lines: [ArraySlice<UInt8>]) throws(Fault) {
        let texts = lines.map { String(validating: $0, as: UTF8.self) }
        let first = (texts.first ?? nil)?.split(separator: " ", omittingEmptySubsequences: false)
        guard let first, first.count == 3, !first[0].isEmpty, first[1].hasPrefix("/"),
            first[2] == "HTTP/1.1" || first[2] == "HTTP/1.0"
        else { throw .malformed }
        let target = first[1].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        method = String(first[0])
        path = target[0].removingPercentEncoding ?? String(target[0])
        query = target.count > 1 ? String(target[1]) : ""
        staysByDefault = first[2] == "HTTP/1.1"
        var headers: [String: [String]] = [:]
        for text in texts.dropFirst() {
            // A blank before the colon, or before the name, would be another header to another reader
            // (RFC 9112, 5.1 and 5.2).
            guard let text, let colon = text.firstIndex(of: ":"), colon > text.startIndex,
                !text[..<colon].contains(where: \.isWhitespace)
            else { throw .malformed }
            headers[text[..<colon].lowercased(), default: []].append(
                text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        self.headers = headers
    }

    /// All values of a header, by its name in small letters.
    package func values(_ name: String) -> [String] { headers[name] ?? [] }

    /// Whether more bytes follow that are no next request.
    package var hasBody: Bool {
        headers["transfer-encoding"] != nil || values("content-length").contains { $0 != "0" }
    }

    /// Whether more requests may follow by the same connection (RFC 9112, 9.3).
    package var keepsConnection: Bool {
        let words = values("connection").joined(separator: ",").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        return staysByDefault ? !words.contains("close") : words.contains("keep-alive")
    }
}

/// Bytes of a connection, of which heads are taken. What is no head before it is too long for one is refused:
/// no byte is looked at twice, and none is kept beyond that.
package struct RequestBuffer: Sendable {
    /// The longest head. Units: bytes.
    package static let longest = 16 << 10

    private var bytes: [UInt8] = []
    private var lines: [Range<Int>] = []
    private var lineStart = 0
    private var position = 0

    package init() {}

    package mutating func append(_ more: [UInt8]) { bytes += more }

    /// The next whole head; nil where more bytes are needed.
    ///
    /// Throws: ``RequestHead/Fault``.
    package mutating func next() throws(RequestHead.Fault) -> RequestHead? {
        while position < bytes.count {
            guard position < Self.longest else { throw .tooLong }
            defer { position += 1 }
            guard bytes[position] == UInt8(ascii: "\n") else { continue }
            var end = position
            if end > lineStart, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            guard end == lineStart else {
                lines.append(lineStart..<end)
                lineStart = position + 1
                continue
            }
            let head = try RequestHead(lines: lines.map { bytes[$0] })
            let rest = Array(bytes[(position + 1)...])
            self = RequestBuffer()
            bytes = rest
            // The deferred step leads to the first byte.
            position = -1
            return head
        }
        return nil
    }
}
