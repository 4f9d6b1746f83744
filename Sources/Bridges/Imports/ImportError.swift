import Platform

/// What is wrong with results that are to come in: where, what, the value, what to do.
package enum ImportError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case notPrograms(sweep: String)
    case missingColumns(path: String, columns: [String], advice: String? = nil)
    case columnTwice(path: String, column: String)
    case otherLabel(place: String, label: String, row: String)
    case otherSetting(place: String, key: String, value: String, here: String)
    case noSeed(place: String)
    case badSeed(place: String, text: String)
    case badNumber(place: String, figure: String, text: String)
    case fault(place: String, figure: String, value: Double, reason: String)
    case unknownValue(
        place: String, key: String, value: String, sweep: String, known: [String], isSet: Bool)
    case ambiguousValue(place: String, key: String, value: String, readings: [String])
    case unknownRow(place: String, values: String, sweep: String, rows: [String])
    case unknownSeed(place: String, seed: Int, sweep: String)
    case twice(place: String, row: String, seed: Int)
    case nothing(path: String, remarks: [String] = [])
    case nothingWhole(path: String, lacking: [String], remarks: [String])
    case noStudy(path: String, wanted: String?, studies: [String])
    case unnamedObjectives(path: String, study: String, count: Int)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .notPrograms(let sweep):
            "\(sweep) is of the built-in study, whose results this program computes; write a sweep with "
                + "'study: command' for results of others"
        case .missingColumns(let path, let columns, let advice):
            "\(path) has no column \(columns.map { "'\($0)'" }.joined(separator: ", ")); "
                + (advice
                    ?? "it needs the varied settings (or 'label'), 'seed', and the figures of the sweep file")
        case .columnTwice(let path, let column):
            "\(path) has the column '\(column)' twice; keep the one that counts"
        case .otherLabel(let place, let label, let row):
            "\(place): the label is '\(TerminalText.cut(label))', but the settings are those of '\(row)'; correct one, or leave out "
                + "the column 'label'"
        case .otherSetting(let place, let key, let value, let here):
            "\(place): \(key) is \(TerminalText.cut(value)), but the sweep's rows have \(here); correct one, vary it in the sweep "
                + "file, or leave the column out"
        case .noSeed(let place):
            "\(place): no seed; results without seeds make no pairs, and get no verdicts"
        case .badSeed(let place, let text):
            "\(place): the seed is '\(TerminalText.cut(text))', but must be a whole number from 0 to \(Int.max)"
        case .badNumber(let place, let figure, let text):
            "\(place): \(figure) is '\(TerminalText.cut(text))', but must be a finite number"
        case .fault(let place, let figure, let value, let reason):
            "\(place): \(figure) is \(value), \(reason)"
        case .unknownValue(let place, let key, let value, let sweep, let known, let isSet):
            "\(place): \(sweep) has no row with \(key) \(value.isEmpty ? "''" : TerminalText.cut(value)); its rows have "
                + "\(Self.list(known)): write one of these"
                + (isSet ? ", a set as [a, b], a+b or none" : "")
        case .ambiguousValue(let place, let key, let value, let readings):
            "\(place): \(key) '\(TerminalText.cut(value))' may be \(readings.joined(separator: " or ")); write it like that"
        case .unknownRow(let place, let values, let sweep, let rows):
            "\(place): \(sweep) has no row with \(TerminalText.cut(values)); its rows are "
                + Self.list(rows.map { "'\($0)'" })
        case .unknownSeed(let place, let seed, let sweep):
            "\(place): \(sweep) has no seed \(seed); add it to 'seeds' in the sweep file"
        case .twice(let place, let row, let seed):
            "\(place): '\(row)', seed \(seed), was there before; a trial has one result"
        case .nothing(let path, let remarks):
            "\(path) has no finished result" + Self.reasons(remarks)
        case .nothingWhole(let path, let lacking, let remarks):
            "\(path) has no result with all figures of the sweep file; give each line "
                + "\(lacking.map { "'\($0)'" }.joined(separator: ", ")) too" + Self.reasons(remarks)
        case .noStudy(let path, let wanted, let studies):
            (wanted.map { "\(path) has no study '\($0)'" } ?? "\(path) has not one study")
                + (studies.isEmpty
                    ? "" : "; name one of \(studies.joined(separator: ", ")) with --study-name")
        case .unnamedObjectives(let path, let study, let count):
            "the \(count) objectives of '\(study)' in \(path) have no names; give them with "
                + "study.set_metric_names in Optuna, or import a CSV file ('\(ProgramName.current) import --help')"
        }
    }

    private static func list(_ words: [String]) -> String {
        words.prefix(10).joined(separator: ", ") + (words.count > 10 ? ", ..." : "")
    }

    private static func reasons(_ remarks: [String]) -> String {
        remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
    }
}
