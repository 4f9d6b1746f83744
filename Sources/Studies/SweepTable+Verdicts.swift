import Analysis
public import Reports
import ResultsStore

extension SweepTable {
    /// What may be said of each configuration against its baseline.
    ///
    /// Throws: as ``make(_:from:options:)``.
    public static func verdicts(_ sweep: String, from store: StudyStore) throws -> Table {
        let sweep = try store.sweep(sweep)
        var table = VerdictTable.make(from: try input(sweep))
        table.notes += sweep.facts.dataNotes
        return table
    }
}

extension Looks {
    /// As the store keeps them; those of before are fixed.
    init(_ looks: RowLooks?) {
        guard let looks, looks.isOpen else {
            self = .fixed
            return
        }
        self = .open(first: looks.firstSeeds)
    }
}
