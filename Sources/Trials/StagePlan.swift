public import Digests
public import ResultsStore
public import SoundData
public import Sweeps

/// The stages of a sweep's trials: each named by the digest of all that its result depends on, so
/// that trials (and sweeps) share what is equal.
public struct StagePlan: Sendable {
    /// Every stage once, dependencies first.
    public private(set) var stages: [Stage] = []
    /// In the order of the plan's trials.
    public private(set) var trials: [PlannedTrial] = []

    private var known: [Digest: Int] = [:]
    private var rows: [Int32] = []

    /// - Parameters:
    ///   - evaluation: what is to be evaluated, of ``TrialSchema/evaluations``.
    ///   - dataDigest: the data set's content.
    ///   - clips: how many clips the data set has in each split: work grows with them.
    ///   - progress: is told from time to time how many trials are planned.
    public init(
        _ plan: SweepPlan, evaluation: [String], dataDigest: Digest, clips: [Split: Int],
        progress: (Int) -> Void = { _ in }
    ) {
        let kinds = Self.order(of: evaluation.compactMap(StageKind.init))
        let texts = PlanTexts(plan)
        var costs = StageCosts(plan, clips: clips)
        var namers = kinds.map { StageNamer($0, plan: plan, dataDigest: dataDigest) }
        // Where the stages that a kind depends on, and those of a trial in the order of the work, are
        // in `kinds`.
        let dependencies = kinds.map { kind in
            kind.dependencies.compactMap { kinds.firstIndex(of: $0) }
        }
        let inOrder = kinds.indices.sorted { kinds[$0].place < kinds[$1].place }
        let lists = Lists(kinds, dependencies)
        stages.reserveCapacity(plan.trials.count)
        trials.reserveCapacity(plan.trials.count)
        known.reserveCapacity(plan.trials.count * kinds.count(where: \.usesSeed) + 1)

        var digests = kinds.map { _ in Digest(high: 0, low: 0) }
        var arrays = kinds.map { _ in [Digest]() }
        for row in plan.rows {
            let cost = costs.cost(of: row)
            for (place, seed) in plan.seeds.enumerated() {
                let number = row.index * plan.seeds.count + place
                for index in kinds.indices where place == 0 || kinds[index].usesSeed {
                    let kind = kinds[index]
                    if place == 0 { namers[index].begin(row) }
                    if lists.owner[index] == index, place == 0 || lists.usesSeed[index] {
                        arrays[index] = dependencies[index].map { digests[$0] }
                    }
                    let needed = arrays[lists.owner[index]]
                    let digest = namers[index].digest(
                        seed: kind.usesSeed ? seed : nil, dependencies: needed)
                    digests[index] = digest
                    guard known[digest] == nil else { continue }
                    known[digest] = stages.count
                    rows.append(Int32(row.index))
                    stages.append(
                        Stage(
                            id: digest, kind: kind.rawValue, texts: texts,
                            number: texts.number(kind, ofTrial: number), dependencies: needed,
                            memoryBytes: cost.memoryBytes(kind), work: cost.work(kind),
                            producesArtifact: kind.producesArtifact,
                            threads: kind.makesScenes ? 64 : 1))
                }
                let own = inOrder.map { digests[$0] }
                trials.append(
                    PlannedTrial(
                        id: Self.identity(plan.trials[number], own), row: row.index, seed: seed,
                        stages: own))
                if number % 4096 == 0 { progress(number) }
            }
        }
    }

    /// The same settings on other data, or in a version that computes other results, are another
    /// trial.
    private static func identity(_ trial: SweepTrial, _ stages: [Digest]) -> Digest {
        var hasher = DigestHasher()
        hasher.update(trial.digest)
        for stage in stages { hasher.update(stage) }
        return hasher.finalize()
    }

    public subscript(digest: Digest) -> Stage? { known[digest].map { stages[$0] } }

    /// The index of the first row that needs a stage.
    func row(ofStage index: Int) -> Int { Int(rows[index]) }

    /// The kinds that evaluations need, each after what it depends on.
    private static func order(of wanted: [StageKind]) -> [StageKind] {
        var order: [StageKind] = []
        func add(_ kind: StageKind) {
            guard !order.contains(kind) else { return }
            for dependency in kind.dependencies { add(dependency) }
            order.append(kind)
        }
        for kind in wanted { add(kind) }
        return order
    }

    /// Kinds that depend on the same stages share the list of them: it is memory for every trial.
    private struct Lists {
        /// The kind whose list each kind uses.
        var owner: [Int]
        /// Whether the list differs between seeds.
        var usesSeed: [Bool]

        init(_ kinds: [StageKind], _ dependencies: [[Int]]) {
            owner = dependencies.indices.map { index in
                dependencies.firstIndex(of: dependencies[index]) ?? index
            }
            usesSeed = dependencies.map { $0.contains { kinds[$0].usesSeed } }
        }
    }
}

extension StageKind {
    /// In the order of the work.
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Makes the titles and payloads of a plan's stages when they are asked for: those of a million trials
/// would be gigabytes.
private final class PlanTexts: StageTexts {
    private let plan: SweepPlan
    private let data: String

    init(_ plan: SweepPlan) {
        self.plan = plan
        data = SettingValue.map(plan.data).canonicalJSON
    }

    func number(_ kind: StageKind, ofTrial trial: Int) -> Int {
        trial * StageKind.allCases.count + kind.place
    }

    private func stage(_ number: Int) -> (kind: StageKind, trial: SweepTrial) {
        let (trial, kind) = number.quotientAndRemainder(dividingBy: StageKind.allCases.count)
        return (StageKind.allCases[kind], plan.trials[trial])
    }

    func title(of number: Int) -> String {
        let (kind, trial) = stage(number)
        return kind.usesSeed
            ? "\(kind.rawValue) \(plan.rows[trial.row].label), seed \(trial.seed)" : kind.rawValue
    }

    /// The payload names the data by where it lies; the digest names it by what it holds.
    func payload(of number: Int) -> String {
        let (kind, trial) = stage(number)
        let seed = kind.usesSeed ? #","seed":\#(trial.seed)"# : ""
        let settings = SettingValue.map(kind.settings(of: trial.settings)).canonicalJSON
        return #"{"data":\#(data),"kind":"\#(kind.rawValue)""#
            + #"\#(seed),"settings":\#(settings)}"#
    }
}

/// Names the stages of a kind, row by row.
private struct StageNamer {
    private let kind: StageKind
    private var settings: SettingsText
    /// For rows that have no use for patches.
    private var settingsWithoutPatches: SettingsText
    private let patchPositions: [Int]
    private let beginning: [UInt8]
    private var bytes: [UInt8] = []
    private var endOfSettings = 0

    init(_ kind: StageKind, plan: SweepPlan, dataDigest: Digest) {
        self.kind = kind
        let keys = Set(kind.settings)
        settings = SettingsText(of: plan, keys: keys, standIns: kind.standIns)
        settingsWithoutPatches = SettingsText(
            of: plan, keys: keys.subtracting(["patch_frames"]), standIns: kind.standIns)
        patchPositions = plan.positions(of: ["evaluation_unit", "source_motion"])
        beginning = Array("\(kind.rawValue)/\(kind.version)\n\(dataDigest)\n".utf8)
    }

    mutating func begin(_ row: SweepRow) {
        bytes.removeAll(keepingCapacity: true)
        bytes += beginning
        let values = kind == .raw ? row.values(at: patchPositions) : []
        if values.count == 2, kind.ignoresPatches(unit: values[0], motion: values[1]) {
            settingsWithoutPatches.write(row, to: &bytes)
        } else {
            settings.write(row, to: &bytes)
        }
        endOfSettings = bytes.count
    }

    mutating func digest(seed: Int?, dependencies: [Digest]) -> Digest {
        bytes.removeLast(bytes.count - endOfSettings)
        if let seed {
            bytes += "\nseed \(seed)\n".utf8
        } else {
            bytes.append(0x0A)
        }
        for dependency in dependencies {
            dependency.write(to: &bytes)
            bytes.append(0x0A)
        }
        return bytes.withUnsafeBytes { Digest(of: $0) }
    }
}

/// The costs of rows; those that differ in nothing that costs are worked out once.
private struct StageCosts {
    private let positions: [Int]
    private let clips: [Split: Int]
    private var known: [[SettingValue]: RowCost] = [:]

    /// What the stages of a row take.
    struct RowCost {
        private let memory: [Int]
        private let work: [Double]

        init(_ cost: StageCost) {
            memory = StageKind.allCases.map(cost.memoryBytes)
            work = StageKind.allCases.map(cost.work)
        }

        func memoryBytes(_ kind: StageKind) -> Int { memory[kind.place] }
        func work(_ kind: StageKind) -> Double { work[kind.place] }
    }

    init(_ plan: SweepPlan, clips: [Split: Int]) {
        self.clips = clips
        positions = plan.changingPositions(without: StageCost.settingsWithoutCost)
    }

    mutating func cost(of row: SweepRow) -> RowCost {
        let values = row.values(at: positions)
        if let cost = known[values] { return cost }
        let cost = RowCost(StageCost(TrialSettings(row.settings), clips: clips))
        known[values] = cost
        return cost
    }
}
