import Analysis
public import ArgumentParser
import Foundation
import Reports
public import Trials

/// The options of every command that prints a table.
struct TableFormatOptions: ParsableArguments {
    @Option(help: "One of: \(TableFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: TableFormat = .terminal

    func print(_ table: Table) {
        Console.write(
            steering: format.text(of: table, width: Console.width, usesColour: Console.usesColour))
    }
}

extension TableFormat: ExpressibleByArgument {}

/// Which figures of merit a table shows.
struct MetricOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Columns of each evaluation, some of "
                + TableMetric.allCases.map(\.rawValue).joined(separator: ",")
                + " (default: the file's, else accuracy,error).",
            valueName: "list"))
    var metrics: String?

    func validate() throws { _ = try chosen }

    /// In the order given, each once; nil for those of the sweep's file.
    var chosen: [TableMetric]? {
        get throws {
            guard let metrics else { return nil }
            var result: [TableMetric] = []
            for name in metrics.split(separator: ",") {
                let name = name.trimmingCharacters(in: .whitespaces)
                guard let metric = TableMetric(rawValue: name) else {
                    throw ValidationError(TrialsError.unknownMetric(name).description)
                }
                if !result.contains(metric) { result.append(metric) }
            }
            guard !result.isEmpty else {
                throw ValidationError(TrialsError.unknownMetric(metrics).description)
            }
            return result
        }
    }
}

/// How the intervals of differences are found.
struct IntervalOptions: ParsableArguments {
    enum Choice: String, CaseIterable, ExpressibleByArgument {
        case t
        case bca
    }

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Intervals of the differences: t (Student's), or bca (bootstrap, for ten seeds or more).",
            valueName: "t|bca"))
    var interval: Choice?

    var method: PairedDifference.IntervalMethod { interval == .bca ? .bootstrap : .student }
}
