import Analysis
import Files
import Foundation
import Orchestration
import ResultsStore
import Studies
import Sweeps

/// `predictions.csv`: a line an item, with the figures of that item.
///
/// Columns: `item`, each once; `group` and `split` where there are such; then figures by their names. Lines of other
/// splits than the one that is judged are left out; without `split` all are of the test split.
enum PredictionsFile {
    /// More is no file of a store. Units: bytes.
    private static let mostBytes = 64 << 20
    private static let test = "test"

    /// What a file says.
    struct Reading {
        /// As the store keeps it.
        var text: String
        /// Figures that are no means of what it says of each item, a sentence each.
        var remarks: [String] = []
    }

    /// Nil where there is no such file, and where it has nothing of another split than `test`.
    ///
    /// Throws: `TrialFault` for what cannot be read, with its line.
    static func read(
        _ file: URL, split judged: String, figures: [String: Double], known: [String]
    ) throws -> Reading? {
        guard let data = StageFiles.content(of: file, upTo: mostBytes) else {
            guard let what = StageFiles.oddity(of: file) else { return nil }
            throw TrialFault(
                reason: "predictions.csv is \(what), not a file; write one, or none")
        }
        func fault(_ message: String) -> TrialFault {
            // SQLite would keep a text up to its first NUL.
            TrialFault(
                reason: "predictions.csv\(message)".replacing("\0", with: "\u{2400}"))
        }
        guard data.count <= mostBytes, let text = String(validating: data, as: UTF8.self) else {
            throw fault(
                " is no text of at most 64 MB; write fewer columns or items, or leave it out")
        }
        let table: CommaSeparatedTable
        do {
            table = try CommaSeparatedTable(parsing: text)
        } catch {
            throw fault(Self.words(error))
        }
        let header = table.header
        guard let item = header.firstIndex(of: "item") else {
            throw fault(":1: has no column 'item'; its first line names the columns")
        }
        if let twice = header.first(where: { name in header.count { $0 == name } > 1 }) {
            throw fault(":1: column '\(twice)' is there twice; rename one")
        }
        let group = header.firstIndex(of: "group")
        let split = header.firstIndex(of: "split")
        let columns = header.indices.filter { ![item, group, split].contains($0) }
        // What is no figure today may become one: it is kept where it has numbers.
        var wordy: Set<Int> = []
        var kept = StoredItems()
        var (items, groups): ([String], [String]) = ([], [])
        var lines: [String: Int] = [:]
        for row in table.rows {
            let fields = row.fields.map { $0.trimmingCharacters(in: .whitespaces) }
            guard (split.map { fields[$0] } ?? test) == judged else { continue }
            // Counted twice, an item would narrow every interval and be paired with itself.
            if let first = lines.updateValue(row.line, forKey: fields[item]) {
                throw fault(
                    ":\(row.line): item '\(fields[item])' was there before, in line \(first); give each "
                        + "item of a split one line and a name of its own")
            }
            items.append(fields[item])
            groups.append(group.map { fields[$0] } ?? fields[item])
            for column in columns where !wordy.contains(column) {
                guard let value = Double(decimal: fields[column]) else {
                    guard known.contains(header[column]) else {
                        wordy.insert(column)
                        kept.values[header[column]] = nil
                        continue
                    }
                    throw fault(
                        ":\(row.line): \(header[column]) is '\(fields[column])', not a number; "
                            + "write a finite number for each item, or leave the column out")
                }
                kept.values[header[column], default: []].append(value)
            }
        }
        guard !items.isEmpty else {
            if judged != test { return nil }
            throw fault(
                " has no line of the split 'test'; write the items of the test split, or leave out the "
                    + "column 'split'")
        }
        kept.number(items: items, groups: groups)
        for (name, value) in figures {
            kept.scales[name] = kept.values[name].flatMap { scale(value, of: $0) }
        }
        let strange = columns.map { header[$0] }.filter { !known.contains($0) }
        let slips = known.compactMap { name -> String? in
            guard !header.contains(name), let slip = NearestName.of(name, in: strange) else {
                return nil
            }
            return
                "predictions.csv has no column \(name), but one called \(slip): what it says of each item counts "
                + "under the figure's own name"
        }
        let remarks =
            slips
            + figures.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
                guard let values = kept.values[name], kept.scales[name] == nil else { return nil }
                let mean = values.reduce(0, +) / Double(values.count)
                return
                    "\(name) is \(value) in figures.json, but \(mean) on average over predictions.csv: there will be no "
                    + "interval over items; if it is a mean of them, one of the two files is wrong"
            }
        return Reading(text: kept.text, remarks: remarks)
    }

    /// What the mean of values over items is to be multiplied by to be a figure: 1, or 100 for one in
    /// percent; nil where the figure is no mean.
    private static func scale(_ figure: Double, of values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        return [1, 100].first { abs($0 * mean - figure) <= 1e-4 * max(1e-9, abs(figure)) }
    }

    private static func words(_ fault: CommaSeparatedTable.Fault) -> String {
        switch fault {
        case .empty: ":1: has no column 'item'; its first line names the columns"
        case .unclosedQuote(let line): ":\(line): a quoted field has no end"
        case .textAfterQuote(let line): ":\(line): there is text behind a quoted field"
        case .fieldCount(let line, let found, let expected):
            ":\(line): has \(found) fields, but the first line has \(expected)"
        }
    }
}

/// What a program said of its test items, from the store.
struct ItemPredictions: StoredPredictions {
    static let detail = "predictions"

    private let stored: StoredItems
    /// The figures whose unit is percent.
    private let percent: Set<String>
    /// The keys of the figures that the stage itself left.
    private let left: Set<String>
    let noun = "item"

    /// Nil where the stage left none.
    ///
    /// Throws: `DamagedPredictions`.
    init?(of stage: StageRecord, percent: Set<String>) throws {
        guard let text = stage.details[Self.detail] else { return nil }
        // What a stage that is judged on the test split says of validation is nothing that these give.
        let names = Set(stage.metrics.keys)
        let ofTest = names.filter { !"_\($0)".contains("_" + CommandDefinition.validationPrefix) }
        try self.init(stored: text, percent: percent, left: ofTest.isEmpty ? names : ofTest)
    }

    /// - Parameter left: the keys of the figures that the stage itself left.
    /// - Throws: `DamagedPredictions`.
    init(stored text: String, percent: Set<String>, left: Set<String> = []) throws {
        self.percent = percent
        self.left = left
        guard let stored = StoredItems(text) else {
            throw DamagedPredictions("cannot be read")
        }
        let count = stored.items.count
        guard stored.groups.count == count, stored.values.values.allSatisfy({ $0.count == count })
        else { throw DamagedPredictions("have columns of different lengths") }
        self.stored = stored
    }

    var count: Int { stored.items.count }
    var items: [Int] { stored.items }
    var clusters: [Int] { stored.groups }
    var numbering: ItemNumbering { stored.names.map { .byName($0) } ?? .ofFile }

    /// A figure that a program came to know later: the mean over its items.
    func value(of figure: String) -> Double? {
        guard let values = stored.values[figure], !values.isEmpty else { return nil }
        return (scale(of: figure) ?? usualScale(of: figure)) * Self.mean(values)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// 100 for shares of a figure in percent.
    private func usualScale(of figure: String) -> Double {
        let isShare = stored.values[figure]?.allSatisfy { (0...1).contains($0) } ?? false
        return percent.contains(figure) && isShare ? 100 : 1
    }

    /// What the mean over the items is to be multiplied by to be the figure; nil where it is no mean.
    private func scale(of figure: String) -> Double? {
        guard let values = stored.values[figure], !values.isEmpty else { return nil }
        guard let scale = stored.scales[figure] else {
            // What the stage left is compared with its mean then; what came later is the mean.
            let isLeft = left.contains { $0 == figure || $0.hasSuffix("_" + figure) }
            return isLeft ? nil : usualScale(of: figure)
        }
        // A mean of 0 fits every scale.
        return Self.mean(values) == 0 ? usualScale(of: figure) : scale
    }

    func itemValues(of figure: String) -> [Double]? {
        guard let scale = scale(of: figure), let values = stored.values[figure] else { return nil }
        return values.map { scale * $0 }
    }

    func absence(of figure: String) -> String {
        guard let values = stored.values[figure] else {
            return "the predictions have no column of that name"
        }
        if scale(of: figure) == nil {
            return "it is no mean of what the predictions say of each \(noun)"
        }
        return Set(clusters).count < 2
            ? "the predictions are of one group alone"
            : values.contains { $0 < 0 }
                ? "some of its predictions are negative, and the interval is that of a logarithm"
                : "its predictions bound nothing"
    }

    /// Of figures that are means over items; none for others, such as F1.
    func interval(of figure: String) -> ConfidenceInterval? {
        guard let scale = scale(of: figure), let values = stored.values[figure] else { return nil }
        // Hits are 0 and 1; of a figure in percent 0 and 100 are the same.
        if scale == 1, percent.contains(figure), values.contains(100),
            values.allSatisfy({ $0 == 0 || $0 == 100 })
        {
            return ClusteredInterval.share(of: values.map { $0 == 100 }, clusters: clusters)?
                .scaled(by: 100)
        }
        let isShare = values.allSatisfy { $0 == 0 || $0 == 1 }
        let interval =
            isShare
            ? ClusteredInterval.share(of: values.map { $0 == 1 }, clusters: clusters)
            : ClusteredInterval.mean(of: values, clusters: clusters)
        var scaled = scale == 1 ? interval : interval?.scaled(by: scale)
        // No mean of shares is beyond the whole.
        if percent.contains(figure), values.allSatisfy({ scale * $0 <= 100 }) {
            let upper = scaled.map { min($0.upper, 100) } ?? 100
            scaled?.upper = upper
        }
        return scaled
    }
}
