extension ComparisonBuilder {
    /// Beside each metric with published values: the paper's, and ours minus the paper's.
    mutating func addPaperColumns() {
        var hasAny = false
        for metric in input.metrics {
            guard configurations.contains(where: { $0.paper[metric.key] != nil }),
                let column = table.columns.firstIndex(where: { $0.key == metric.key })
            else { continue }
            hasAny = true
            var paper = table.columns[column]
            paper.better = nil
            var difference = paper
            paper.key += "_paper"
            paper.header += ", paper"
            difference.key = metric.key + "_minus_paper"
            difference.header += " − paper"
            table.columns.insert(contentsOf: [paper, difference], at: column + 1)
            for (row, configuration) in configurations.enumerated() {
                let ours = table.rows[row].cells[column].value
                let published = configuration.paper[metric.key].flatMap { $0.isFinite ? $0 : nil }
                var cells = [Cell(.notApplicable), Cell(.notApplicable)]
                if let published {
                    cells[0].content = .number(published)
                    if let ours {
                        cells[1].content = .number(ours - published)
                        cells[1].sources = table.rows[row].cells[column].sources
                    }
                }
                table.rows[row].cells.insert(contentsOf: cells, at: column + 1)
            }
        }
        guard hasAny else { return }
        let data = input.dataSet.isEmpty ? "the data of this sweep" : input.dataSet
        table.notes.append("Paper: published values, on the paper's data; ours on \(data).")
    }
}
