import Foundation
package import Reports
import ResultsStore
import Studies

/// A page of a table: the one that `table` prints, sorted as asked, in rows that fit a screen.
package struct TableAnswer: Encodable {
    /// Which table.
    enum Kind: String, CaseIterable {
        case figures
        case differences
        case verdicts
        case claims
        case trials
        case cost
    }

    package var html: String
    /// Rows on all pages, references apart.
    package var rows: Int
    package var from: Int
    var columns: [String]
    var hasBaseline: Bool
    /// Whether the sweep's file claims anything.
    package var hasClaims = false
    /// Of the page's rows.
    package var labels: [String]
    /// The digests of their trials, where a row stands for one alone; else empty.
    package var trials: [String]

    static func table(_ kind: Kind, _ sweep: String, _ store: StudyStore) throws -> Table {
        switch kind {
        case .figures: try SweepTable.make(sweep, from: store)
        case .differences:
            try SweepTable.make(
                sweep, from: store, options: TableOptions(showsDifferences: true))
        case .verdicts: try SweepTable.verdicts(sweep, from: store)
        case .claims: try SweepTable.claims(sweep, from: store)
        case .trials: try SweepTable.clips(sweep, from: store)
        case .cost: try SweepTable.make(sweep, from: store, options: TableOptions(showsCost: true))
        }
    }

    /// More trials than this are sorted and parted into pages by the database.
    package static let mostTrials = 2000

    /// A page of the table of trials of a sweep that has very many; nil where the whole table can be made.
    init?(
        trialsOf sweep: String, _ store: StudyStore, sortedBy key: String?, isDescending: Bool,
        from first: Int, count: Int
    ) throws {
        let total = try store.store.trialPage(of: sweep, count: 0).total
        guard total > Self.mostTrials else { return nil }
        let order: TrialOrder =
            switch key {
            case nil: .plan
            case "label": .label
            case "seed": .seed
            case let metric?: .metric(metric)
            }
        let digests = try store.store.sortedTrials(
            of: sweep, by: order, isDescending: isDescending, from: first, count: count)
        self.init(
            try SweepTable.clips(sweep, from: store, among: digests), sortedBy: nil,
            isDescending: false, from: 0, count: count)
        (rows, from) = (total, min(first, total))
    }

    /// - Parameters:
    ///   - key: of the column to sort by, `label` for the names of rows; nil for the table's own order.
    ///   - isDescending: the largest first.
    package init(
        _ table: Table, sortedBy key: String?, isDescending: Bool, from first: Int, count: Int
    ) {
        var page = table
        page.rows = Self.sorted(table, by: key, isDescending: isDescending)
        let own = page.rows.filter { !$0.isReference }
        let shown = Array(own.dropFirst(first).prefix(count))
        // References are few and belong to every page.
        page.rows = shown + page.rows.filter(\.isReference)
        page.sortFootnotes()
        html = HTMLTable(isNamed: true).text(of: page)
        rows = own.count
        from = min(first, own.count)
        columns = table.columns.map(\.key)
        hasBaseline = table.hasBaseline
        labels = shown.map(\.label)
        trials = shown.map { row in
            let found = Set(row.cells.flatMap(\.sources).map(\.trial))
            return found.count == 1 ? found.first ?? "" : ""
        }
    }

    private static func sorted(_ table: Table, by key: String?, isDescending: Bool) -> [Row] {
        guard let key else { return table.rows }
        if key == "label" {
            let rows = table.rows.sorted { $0.label < $1.label }
            return isDescending ? rows.reversed() : rows
        }
        guard let column = table.columns.firstIndex(where: { $0.key == key }) else {
            return table.rows
        }
        // What has no number comes last either way; equal ones stay in the table's order.
        func value(_ row: Row) -> Double? {
            row.cells[column].value.flatMap { $0.isFinite ? $0 : nil }
        }
        func text(_ row: Row) -> String {
            if case .text(let text) = row.cells[column].content { text } else { "" }
        }
        return table.rows.enumerated().sorted { first, second in
            switch (value(first.element), value(second.element)) {
            case (let ours?, let theirs?) where ours != theirs:
                return isDescending ? ours > theirs : ours < theirs
            case (_?, nil): return true
            case (nil, _?): return false
            default:
                let (ours, theirs) = (text(first.element), text(second.element))
                if ours != theirs { return isDescending ? ours > theirs : ours < theirs }
                return first.offset < second.offset
            }
        }.map(\.element)
    }
}

extension Table {
    /// Whether rows of it are compared with another.
    var hasBaseline: Bool { rows.contains { $0.isBaseline || $0.versus != nil } }
}
