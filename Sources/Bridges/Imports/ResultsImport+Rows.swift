import Foundation
import ResultsStore
import Studies
import Sweeps

extension ResultsImport {
    /// The rows by what they vary.
    struct Rows {
        var byValues: [[SettingValue]: Int] = [:]
        /// The different values that rows have, for each of the keys.
        private(set) var known: [[SettingValue]]
        var labels: [String: Int] = [:]
        /// All settings of each row.
        private var settings: [Int: [String: SettingValue]] = [:]
        var trials: [[Int]: PlannedTrial] = [:]
        let keys: [String]
        /// The settings that the sweep does not vary.
        let fixed: [String]
        private let spellings: [String: SettingSpelling]
        /// What the file wrote, and which value of which key was meant: most values come often.
        private var readings: [Reading: SettingSpelling.Match] = [:]

        private struct Reading: Hashable {
            var key: String
            var written: SettingValue
        }

        init(_ registration: SweepRegistration, _ study: any Study) {
            let keys = registration.parameters
            self.keys = keys
            known = keys.map { _ in [] }
            var isKnown: [Set<SettingValue>] = keys.map { _ in [] }
            spellings = Dictionary(
                study.schema.trial.map { ($0.storedKey, SettingSpelling($0.kind)) },
                uniquingKeysWith: { first, _ in first })
            for row in registration.rows {
                func decoded(_ text: String) -> [String: SettingValue] {
                    (try? JSONDecoder().decode(
                        [String: SettingValue].self, from: Data(text.utf8))) ?? [:]
                }
                let (settings, varied) = (decoded(row.settings), decoded(row.varied))
                self.settings[row.index] = settings
                let values = keys.map { settings[$0] ?? varied[$0] ?? .null }
                byValues[values] = row.index
                for (index, value) in values.enumerated()
                where isKnown[index].insert(value).inserted {
                    known[index].append(value)
                }
                labels[row.label] = row.index
            }
            for trial in registration.trials { trials[[trial.row, trial.seed]] = trial }
            let all = settings.values.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
            fixed = all.subtracting(keys).sorted()
        }

        /// A setting that the sweep does not vary, and that a result was computed with another value of.
        func contradiction(
            _ record: ForeignRecord, row: Int
        ) -> (key: String, value: String, here: String)? {
            for key in fixed {
                guard let here = settings[row]?[key], let written = record.others[key] else {
                    continue
                }
                if match(written, of: key, among: [here]) == .none {
                    return (key, written.description, here.description)
                }
            }
            return nil
        }

        /// The values of a result's settings, as rows have them.
        ///
        /// Throws: ``ImportError`` for one that no row has, and for one that may be two.
        mutating func values(
            _ record: ForeignRecord, sweep: String
        ) throws -> [SettingValue] {
            try zip(keys, known).map { key, known in
                let written = record.values[key] ?? .null
                let reading = Reading(key: key, written: written)
                let match = readings[reading] ?? match(written, of: key, among: known)
                readings[reading] = match
                switch match {
                case .value(let value): return value
                case .ambiguous(let values):
                    throw ImportError.ambiguousValue(
                        place: record.place, key: key, value: written.description,
                        readings: values.map(\.canonicalJSON))
                case .none:
                    throw ImportError.unknownValue(
                        place: record.place, key: key, value: written.description, sweep: sweep,
                        known: known.map(\.description),
                        isSet: known.contains { $0.list != nil })
                }
            }
        }

        private func match(
            _ written: SettingValue, of key: String, among values: [SettingValue]
        ) -> SettingSpelling.Match {
            (spellings[key] ?? SettingSpelling(.text)).match(written, among: values)
        }
    }
}
