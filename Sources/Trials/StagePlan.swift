public import Digests
public import ResultsStore
public import SoundData
public import Sweeps

/// The stages of a sweep's trials: each named by the digest of all that its result depends on, so
/// that trials (and sweeps) share what is equal.
public struct StagePlan: Sendable {
    /// Every stage once, dependencies first.
    public private(set) var stages: [Stage] = []
    /// Stages of each trial by kind, in the order of the plan's trials.
    public private(set) var trials: [[StageKind: Digest]] = []

    private var known: [Digest: Int] = [:]

    /// - Parameters:
    ///   - evaluation: what is to be evaluated, of ``TrialSchema/evaluations``.
    ///   - dataDigest: the data set's content.
    ///   - clips: how many clips the data set has in each split: work grows with them.
    public init(
        _ plan: SweepPlan, evaluation: [String], dataDigest: Digest, clips: [Split: Int]
    ) {
        let wanted = evaluation.compactMap(StageKind.init)
        let data = SettingValue.map(plan.data).canonicalJSON
        var rows: [RowStages?] = Array(repeating: nil, count: plan.rows.count)
        trials.reserveCapacity(plan.trials.count)
        for trial in plan.trials {
            let row =
                rows[trial.row]
                ?? RowStages(
                    plan.rows[trial.row].settings, label: plan.rows[trial.row].label, data: data,
                    dataDigest: dataDigest, clips: clips)
            rows[trial.row] = row
            var digests: [StageKind: Digest] = [:]
            for kind in wanted { add(kind, row: row, seed: trial.seed, to: &digests) }
            trials.append(digests)
        }
    }

    private mutating func add(
        _ kind: StageKind, row: RowStages, seed: Int, to digests: inout [StageKind: Digest]
    ) {
        guard digests[kind] == nil else { return }
        for dependency in kind.dependencies {
            add(dependency, row: row, seed: seed, to: &digests)
        }
        let dependencies = kind.dependencies.compactMap { digests[$0] }
        let payload = row.payload(kind, seed: seed)
        let digest = row.digest(kind, seed: seed, dependencies: dependencies)
        digests[kind] = digest
        guard known[digest] == nil else { return }
        known[digest] = stages.count
        stages.append(
            Stage(
                id: digest, kind: kind.rawValue,
                title: kind.usesSeed
                    ? "\(kind.rawValue) \(row.label), seed \(seed)" : kind.rawValue,
                dependencies: dependencies, payload: payload,
                memoryBytes: row.cost.memoryBytes(kind), work: row.cost.work(kind),
                producesArtifact: kind.producesArtifact, threads: kind.makesScenes ? 64 : 1))
    }

    public subscript(digest: Digest) -> Stage? { known[digest].map { stages[$0] } }
}

/// What the stages of all seeds of a row have in common, worked out once.
private struct RowStages {
    let label: String
    let cost: StageCost
    private let data: String
    private let dataDigest: Digest
    private let settings: [StageKind: String]

    init(
        _ settings: [String: SettingValue], label: String, data: String, dataDigest: Digest,
        clips: [Split: Int]
    ) {
        self.label = label
        self.data = data
        self.dataDigest = dataDigest
        cost = StageCost(TrialSettings(settings), clips: clips)
        self.settings = Dictionary(
            uniqueKeysWithValues: StageKind.allCases.map { kind in
                (kind, SettingValue.map(kind.settings(of: settings)).canonicalJSON)
            })
    }

    func payload(_ kind: StageKind, seed: Int) -> String {
        let seed = kind.usesSeed ? #","seed":\#(seed)"# : ""
        return #"{"data":\#(data),"kind":"\#(kind.rawValue)""#
            + #"\#(seed),"settings":\#(settings[kind] ?? "{}")}"#
    }

    /// The payload names the data by where it lies; the digest names it by what it holds.
    func digest(_ kind: StageKind, seed: Int, dependencies: [Digest]) -> Digest {
        var hasher = DigestHasher()
        hasher.update("\(kind.rawValue)/\(kind.version)\n\(dataDigest)\n")
        hasher.update(settings[kind] ?? "{}")
        hasher.update(kind.usesSeed ? "\nseed \(seed)\n" : "\n")
        for dependency in dependencies { hasher.update("\(dependency)\n") }
        return hasher.finalize()
    }
}
