import Cluster
import ResultsStore

/// What collecting came to, in words.
enum CollectWording {
    /// Says what is wrong; what was taken in too, unless it is to be quiet.
    static func tell(of summary: Collector.Summary, isQuiet: Bool) {
        for line in summary.unreadable {
            Console.error("warning: results/exchange: \(line): left out; submit the sweep again")
        }
        for line in summary.differing + (summary.intake.firstDifference.map { [$0] } ?? []) {
            Console.error(
                "warning: a stage was computed twice with other values: \(line). Equal stages of one "
                    + "build on one type of processor give equal values; what came first stays")
        }
        if isQuiet { return }
        let intake = summary.intake
        let busy = intake.busy > 0 ? ", \(intake.busy) left to a run that is at work on them" : ""
        Console.write("\(intake.new) results taken in, \(intake.known) known already\(busy)\n")
    }
}
