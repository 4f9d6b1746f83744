import Digests

/// The canonical JSON of some of the settings of a plan's rows, as bytes.
///
/// What no row changes is written once, and what a value is written as is remembered: a plan has a
/// hundred thousand rows and ten values of each setting.
package struct SettingsText: Sendable {
    private struct Piece {
        /// Up to the colon before the value.
        var before: [UInt8]
        var position: Int
        /// Where the value is a text that stands for another setting's value: its position.
        var standIn: (text: SettingValue, position: Int)?
        var known: [SettingValue: [UInt8]] = [:]
    }

    private var pieces: [Piece] = []
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
        var text = Array(beginning.utf8)
        var isFirst = true
        for (position, descriptor) in table.descriptors.enumerated()
        where keys?.contains(descriptor.key) ?? true {
            if !isFirst { text.append(0x2C) }
            isFirst = false
            var quoted = ""
            SettingValue.writeQuoted(descriptor.key, to: &quoted)
            text += quoted.utf8
            text.append(0x3A)
            let standIn = standIns[descriptor.key].flatMap(table.position)
            let piece = Piece(
                before: text, position: position, standIn: standIn.map { (.text("same"), $0) })
            if changing.contains(position) || standIn.map(changing.contains) ?? false {
                pieces.append(piece)
                text = []
            } else {
                text += Self.value(of: piece, in: table, []).canonicalJSON.utf8
            }
        }
        self.end = text + end.utf8
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
        for index in pieces.indices {
            bytes += pieces[index].before
            let value = Self.value(of: pieces[index], in: table, changes)
            if let text = pieces[index].known[value] {
                bytes += text
            } else {
                let text = Array(value.canonicalJSON.utf8)
                pieces[index].known[value] = text
                bytes += text
            }
        }
        bytes += end
    }
}

extension SweepPlan {
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
