import Foundation
import MCSimCLRStudy
import SoundData
import Studies
import Sweeps
import Testing

/// Forecasts played against what stages of real runs took (`Fixtures/stage_times.py` wrote them down, on two processors of an AMD
/// EPYC, with two workers).
@Suite("What was foretold and what came")
struct StageTimesTests {
    private struct Study: Decodable {
        struct Group: Decodable {
            var kind: String
            var count: Int
            /// Processor time of all of them.
            var seconds: Double
            var settings: [String: SettingValue]
        }

        var name: String
        var clips: [String: Int]
        var classes: Int
        /// What most of its stages have; a group has what is otherwise.
        var base: [String: SettingValue]
        /// By the clock.
        var took: Double
        /// Of a run that had measured nothing before: what a short calibration found.
        var calibrated: [String: Double]?
        var stages: [Group]

        func work(_ group: Group) throws -> Double {
            let kind = try #require(StageKind(rawValue: group.kind))
            let settings = TrialSchema.schema.completeTrial(
                base.merging(group.settings) { $1 })
            let clips = Dictionary(
                uniqueKeysWithValues: clips.map { (Split(rawValue: $0)!, $1) })
            return StageCost(TrialSettings(settings), clips: clips, classes: classes).work(kind)
        }

        var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }
    }

    private let studies: [Study]

    init() throws {
        let url = try #require(
            Bundle.module.url(forResource: "Fixtures/stage-times", withExtension: "json"))
        studies = try JSONDecoder().decode([Study].self, from: Data(contentsOf: url))
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    @Test("what other builds of the trainer took says how long it takes, not what programs took")
    func builds() {
        let study = BuiltinStudy()
        #expect(study.isTimed(byBuild: "ablate 0.0.1, " + study.build))
        #expect(!study.isTimed(byBuild: "ablate 0.1.0, python3 pretrain.py bank"))
        #expect(!study.isTimed(byBuild: "imported from old.csv (5d41402a)"))
    }

    @Test(
        "a calibration foretells the work of first runs without a bias, and each within its half width"
    )
    func calibrated() throws {
        var ratios: [Double] = []
        for study in studies {
            guard let rates = study.calibrated, let unit = rates["pretrain"] else { continue }
            let seconds = try study.stages.reduce(0.0) { sum, group in
                let kind = try #require(StageKind(rawValue: group.kind))
                let rate =
                    kind.isOfNetwork
                    // Scenes were foretold for both processors at once.
                    ? unit : rates[group.kind].map { 2 * $0 } ?? Calibration.secondsOfRaw
                return sum + Double(group.count) * (try study.work(group)) * rate
            }
            ratios.append(seconds / study.seconds)
        }
        #expect(ratios.count >= 3)
        #expect(ratios.allSatisfy { abs($0 - 1) < 1.645 * Calibration.spread }, "\(ratios)")
        #expect(abs(Self.mean(ratios) - 1) < 0.1, "\(ratios)")
        // Nine of ten runs: normal deviates.
        #expect(1.645 * Calibration.spread <= 0.35)
    }

    @Test("rates of one study foretell the work of the next")
    func measured() throws {
        var ratios: [(name: String, ratio: Double)] = []
        var known: [String: [(work: Double, seconds: Double)]] = [:]
        for study in studies where study.calibrated == nil {
            var (foretold, came) = (0.0, 0.0)
            for group in study.stages {
                let stages = (known[group.kind] ?? []).suffix(50)
                let work = stages.reduce(0) { $0 + $1.work }
                guard work > 0 else { continue }
                let rate = stages.reduce(0) { $0 + $1.seconds } / work
                foretold += Double(group.count) * (try study.work(group)) * rate
                came += group.seconds
            }
            // Where hardly anything was known there is nothing to hold it to.
            if came > 0.8 * study.seconds { ratios.append((study.name, foretold / came)) }
            for group in study.stages {
                let work = try study.work(group)
                known[group.kind, default: []] += (0..<group.count).map { _ in
                    (work, group.seconds / Double(group.count))
                }
            }
        }
        #expect(ratios.count >= 6, "\(ratios)")
        #expect(ratios.allSatisfy { abs($0.ratio - 1) < 0.35 }, "\(ratios)")
        #expect(abs(Self.mean(ratios.map(\.ratio)) - 1) < 0.1, "\(ratios)")
    }
}
