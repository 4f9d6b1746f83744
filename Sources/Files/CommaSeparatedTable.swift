/// A table of comma-separated values as RFC 4180 has it, with its header.
///
/// Fields may be quoted, quoted fields may hold commas, line ends and doubled quotes; lines end with
/// LF or CR LF; a byte-order mark and empty lines are skipped.
package struct CommaSeparatedTable: Sendable {
    package struct Row: Sendable {
        /// The line of the file on which the row begins, from 1.
        package let line: Int
        package let fields: [String]

        package init(line: Int, fields: [String]) {
            self.line = line
            self.fields = fields
        }
    }

    package enum Fault: Error, Equatable {
        case empty
        case unclosedQuote(line: Int)
        case textAfterQuote(line: Int)
        case fieldCount(line: Int, found: Int, expected: Int)
    }

    package let header: [String]
    package let rows: [Row]

    package init(parsing text: String) throws(Fault) {
        var parser = Parser(bytes: Array(text.utf8))
        var records = try parser.records()
        guard !records.isEmpty else { throw .empty }
        header = records.removeFirst().fields.map {
            String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        for record in records where record.fields.count != header.count {
            throw .fieldCount(
                line: record.line, found: record.fields.count, expected: header.count)
        }
        rows = records
    }

    /// A text as a field: in quotes where it must be.
    package static func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// The position of a column, whatever the case of its letters.
    package func column(_ name: String) -> Int? {
        header.firstIndex { $0.lowercased() == name }
    }
}

private struct Parser {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    private let quote = UInt8(ascii: "\"")
    private let comma = UInt8(ascii: ",")
    private let lineFeed = UInt8(ascii: "\n")
    private let carriageReturn = UInt8(ascii: "\r")

    init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func records() throws(CommaSeparatedTable.Fault) -> [CommaSeparatedTable.Row] {
        var records: [CommaSeparatedTable.Row] = []
        while position < bytes.count {
            let start = line
            let fields = try record()
            if fields != [""] {
                records.append(CommaSeparatedTable.Row(line: start, fields: fields))
            }
        }
        return records
    }

    private mutating func record() throws(CommaSeparatedTable.Fault) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count else { return fields }
            let separator = bytes[position]
            position += 1
            if separator == comma { continue }
            if separator == carriageReturn, position < bytes.count, bytes[position] == lineFeed {
                position += 1
            }
            line += 1
            return fields
        }
    }

    private mutating func field() throws(CommaSeparatedTable.Fault) -> String {
        guard position < bytes.count, bytes[position] == quote else { return plainField() }
        let start = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == quote {
                guard position < bytes.count, bytes[position] == quote else {
                    guard position == bytes.count || isSeparator(bytes[position]) else {
                        throw .textAfterQuote(line: line)
                    }
                    return String(decoding: content, as: UTF8.self)
                }
                position += 1
            } else if byte == lineFeed {
                line += 1
            }
            content.append(byte)
        }
        throw .unclosedQuote(line: start)
    }

    private mutating func plainField() -> String {
        let start = position
        while position < bytes.count, !isSeparator(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == comma || byte == lineFeed || byte == carriageReturn
    }
}
