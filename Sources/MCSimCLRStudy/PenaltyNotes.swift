import Digests
import MCSimCLR
import Platform
package import ResultsStore

/// Says where a head's penalty is an end of its grid: one beyond it might do better.
package enum PenaltyNotes {
    private static let probes: [(stage: StageKind, name: String)] = [
        (.probe, "linear probe"), (.random, "random encoder"), (.raw, "raw features"),
    ]

    package static func make(_ trials: [TrialRecord]) -> [String] {
        probes.flatMap { stage, name in
            let fits = distinctFigures(of: stage, trials)
            return (["class", "direction"] + ProbeTarget.quantities.map(\.rawValue)).flatMap {
                head in
                notes(fits, prefix: "\(stage.rawValue)_\(head)_penalty_edge") { ending in
                    "\(name): the \(ending) of the penalties for \(head) was the best on the "
                        + "validation split"
                }
            }
        }
    }

    /// The figures of each stage of a kind: trials that share a stage share its figures.
    private static func distinctFigures(
        of stage: StageKind, _ trials: [TrialRecord]
    ) -> [[String: Double]] {
        struct Fit: Hashable {
            var seed: Int?
            var figures: [String: Double]
        }
        var seen: Set<Fit> = []
        var fits: [[String: Double]] = []
        for trial in trials {
            let figures = trial.metrics.filter { $0.key.hasPrefix("\(stage.rawValue)_") }
            let fit = Fit(seed: stage.isOfNetwork ? trial.seed : nil, figures: figures)
            if !figures.isEmpty, seen.insert(fit).inserted { fits.append(figures) }
        }
        return fits
    }

    /// A head of each track has a figure: the prefix, then what tells the track.
    private static func notes(
        _ fits: [[String: Double]], prefix: String, subject: (_ ending: String) -> String
    ) -> [String] {
        let edges = fits.flatMap { $0.filter { $0.key.hasPrefix(prefix) }.values }
            .compactMap { Int(exactly: $0) }.compactMap(PenaltyEdge.init(rawValue:))
        return [(PenaltyEdge.weakest, "weakest", "weaker"), (.strongest, "strongest", "stronger")]
            .compactMap { edge, ending, beyond in
                let count = edges.count { $0 == edge }
                guard count > 0 else { return nil }
                return subject(ending)
                    + " in \(count) of \(Count.text(edges.count, "fit")); a \(beyond) one might do better"
            }
    }
}
