import Digests

/// The canonical JSON of some of the settings of a plan's rows, as bytes.
///
/// What no row changes is written once, and what a value is written as is remembered: a plan has a
/// hundred thousand rows and ten values of each setting.
package struct SettingsText: Sendable {
    private struct Piece {
        /// The constant settings before, and the key up to its colon, each behind a comma.
        var constant: [UInt8]
        var key: [UInt8]
        var position: Int
        /// Where the value is a text that stands for another setting's value: its position.
        var standIn: (text: SettingValue, position: Int)?
        var known: [SettingValue: [UInt8]] = [:]
    }

    private let beginning: [UInt8]
    private var pieces: [Piece] = []
    /// The constant settings behind the last that changes.
    private let constant: [UInt8]
    private let end: [UInt8]
    private let table: SettingsTable

    /// - Parameters:
    ///   - keys: of the settings that are written; keys that no setting has are passed over.
    ///   - standIns: a setting whose value "same" is written as the value of another.
    package init(of plan: SweepPlan, keys: Set<String>, standIns: [String: String]) {
        self.init(
            table: plan.table, changing: plan.changing, keys: keys, standIns: standIns,
            beginning: "{", end: "}")
    }

    init(
        table: SettingsTable, changing: Set<Int>, keys: Set<String>?,
        standIns: [String: String] = [:], beginning: String, end: String
    ) {
        self.table = table
        self.beginning = Array(beginning.utf8)
        self.end = Array(end.utf8)
        var constant: [UInt8] = []
        for (position, descriptor) in table.descriptors.enumerated()
        where keys?.contains(descriptor.key) ?? true {
            var key = ","
            SettingValue.writeQuoted(descriptor.key, to: &key)
            key += ":"
            let standIn = standIns[descriptor.key].flatMap(table.position)
            let piece = Piece(
                constant: constant, key: Array(key.utf8), position: position,
                standIn: standIn.map { (.text("same"), $0) })
            if changing.contains(position) || standIn.map(changing.contains) ?? false {
                pieces.append(piece)
                constant = []
            } else {
                let value = Self.value(of: piece, in: table, [])
                guard value != descriptor.neutralValue else { continue }
                constant += key.utf8
                constant += value.canonicalJSON.utf8
            }
        }
        self.constant = constant
    }

    private static func value(
        of piece: Piece, in table: SettingsTable, _ changes: [SettingsTable.Change]
    ) -> SettingValue {
        let value = table.value(at: piece.position, in: changes)
        guard let standIn = piece.standIn, value == standIn.text else { return value }
        return table.value(at: standIn.position, in: changes)
    }

    /// Writes the settings of a row behind what is there.
    package mutating func write(_ row: SweepRow, to bytes: inout [UInt8]) {
        write(row.changes, to: &bytes)
    }

    mutating func write(_ changes: [SettingsTable.Change], to bytes: inout [UInt8]) {
        bytes += beginning
        let start = bytes.count
        // The first setting has no comma before it.
        func append(_ text: [UInt8], to bytes: inout [UInt8]) {
            if bytes.count == start { bytes += text.dropFirst() } else { bytes += text }
        }
        for index in pieces.indices {
            append(pieces[index].constant, to: &bytes)
            let value = Self.value(of: pieces[index], in: table, changes)
            guard value != table.descriptors[pieces[index].position].neutralValue else { continue }
            append(pieces[index].key, to: &bytes)
            if let text = pieces[index].known[value] {
                bytes += text
            } else {
                let text = Array(value.canonicalJSON.utf8)
                pieces[index].known[value] = text
                bytes += text
            }
        }
        append(constant, to: &bytes)
        bytes += end
    }
}

extension SweepPlan {
    /// What is stored of settings: those that came later are left out while they change nothing.
    package func stored(_ settings: [String: SettingValue]) -> [String: SettingValue] {
        let neutral = table.neutralValues
        return neutral.isEmpty ? settings : settings.filter { neutral[$0.key] != $0.value }
    }

    /// The places of the settings that differ between rows, for ``SweepRow/values(at:)``, without some.
    package func changingPositions(without keys: Set<String>) -> [Int] {
        changing.filter { !keys.contains(table.descriptors[$0].key) }.sorted()
    }

    /// The places of settings, for ``SweepRow/values(at:)``.
    package func positions(of keys: [String]) -> [Int] { keys.compactMap(table.position) }

    /// The places of some of the settings that differ between rows, for ``SweepRow/values(at:)``.
    package func changingPositions(of keys: Set<String>) -> [Int] {
        changing.filter { keys.contains(table.descriptors[$0].key) }.sorted()
    }
}

extension SweepRow {
    /// The values of some settings, in the order of `positions`.
    package func values(at positions: [Int]) -> [SettingValue] {
        positions.map { shared.value(at: $0, in: changes) }
    }
}
