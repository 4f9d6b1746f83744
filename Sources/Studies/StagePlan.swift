public import Digests
public import ResultsStore
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
    ///   - study: whose stages they are.
    ///   - prepared: the same with the data of this plan.
    ///   - progress: is told from time to time how many trials are planned.
    public init(
        _ plan: SweepPlan, study: any Study, prepared: any PreparedStudy,
        progress: (Int) -> Void = { _ in }
    ) {
        let places = study.places(of: plan.evaluation)
        let kinds = places.map { study.stages[$0] }
        let texts = PlanTexts(plan, kinds: study.stages)
        var costs = StageCosts(plan, prepared)
        var namers = kinds.map { StageNamer($0, plan: plan, prepared: prepared) }
        // Where the stages that a kind depends on, and those of a trial in the order of the work, are
        // in `kinds`.
        let dependencies = kinds.map { kind in
            kind.needs.compactMap { name in kinds.firstIndex { $0.name == name } }
        }
        let inOrder = kinds.indices.sorted { places[$0] < places[$1] }
        let lists = Lists(kinds, dependencies)
        stages.reserveCapacity(plan.trials.count)
        trials.reserveCapacity(plan.trials.count)
        known.reserveCapacity(plan.trials.count * kinds.count(where: \.usesSeed) + 1)

        var digests = kinds.map { _ in Digest(high: 0, low: 0) }
        var arrays = kinds.map { _ in [Digest]() }
        for row in plan.rows {
            let demands = costs.demands(of: row)
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
                    let demand = demands[kind.name] ?? StageDemand()
                    stages.append(
                        Stage(
                            id: digest, kind: kind.name, texts: texts,
                            number: texts.number(places[index], ofTrial: number),
                            dependencies: needed, memoryBytes: demand.memoryBytes,
                            work: demand.work, producesArtifact: kind.leavesFile,
                            threads: kind.threads, borrowsThreads: kind.borrowsThreads,
                            serialShare: kind.serialShare,
                            isTimedByProcessor: kind.isTimedByProcessor))
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

    /// Kinds that depend on the same stages share the list of them: it is memory for every trial.
    private struct Lists {
        /// The kind whose list each kind uses.
        var owner: [Int]
        /// Whether the list differs between seeds.
        var usesSeed: [Bool]

        init(_ kinds: [StageDefinition], _ dependencies: [[Int]]) {
            owner = dependencies.indices.map { index in
                dependencies.firstIndex(of: dependencies[index]) ?? index
            }
            usesSeed = dependencies.map { $0.contains { kinds[$0].usesSeed } }
        }
    }
}

extension Study {
    /// The places among ``stages`` of what evaluations need, each after what it needs itself.
    fileprivate func places(of evaluations: [String]) -> [Int] {
        var order: [Int] = []
        func add(_ name: String) {
            guard let place = stages.firstIndex(where: { $0.name == name }),
                !order.contains(place)
            else { return }
            for need in stages[place].needs { add(need) }
            order.append(place)
        }
        for name in evaluations { add(name) }
        return order
    }
}

/// Makes the titles and payloads of a plan's stages when they are asked for: those of a million trials
/// would be gigabytes.
private final class PlanTexts: StageTexts {
    private let plan: SweepPlan
    private let kinds: [StageDefinition]
    private let data: String

    init(_ plan: SweepPlan, kinds: [StageDefinition]) {
        self.plan = plan
        self.kinds = kinds
        data = SettingValue.map(plan.storedData).canonicalJSON
    }

    func number(_ kind: Int, ofTrial trial: Int) -> Int { trial * kinds.count + kind }

    private func stage(_ number: Int) -> (kind: StageDefinition, trial: SweepTrial) {
        let (trial, kind) = number.quotientAndRemainder(dividingBy: kinds.count)
        return (kinds[kind], plan.trials[trial])
    }

    func title(of number: Int) -> String {
        let (kind, trial) = stage(number)
        return kind.usesSeed(with: trial.settings)
            ? "\(kind.name) \(plan.rows[trial.row].label), seed \(trial.seed)" : kind.name
    }

    /// The payload names the data by where it lies; the digest names it by what it holds.
    func payload(of number: Int) -> String {
        let (kind, trial) = stage(number)
        let seed = kind.usesSeed(with: trial.settings) ? #","seed":\#(trial.seed)"# : ""
        let settings = SettingValue.map(plan.stored(kind.settings(of: trial.settings)))
            .canonicalJSON
        return #"{"data":\#(data),"kind":"\#(kind.name)""#
            + #"\#(seed),"settings":\#(settings)}"#
    }
}

/// Names the stages of a kind, row by row.
private struct StageNamer {
    private var settings: SettingsText
    /// For rows in which some of the settings have no effect.
    private var fewerSettings: SettingsText
    private let exception: SettingException?
    /// Where the settings are that decide on it.
    private let deciding: [Int]
    private let seedless: SettingCondition?
    private let decidingSeed: [Int]
    private var ignoresSeed = false
    private let beginning: [UInt8]
    private var bytes: [UInt8] = []
    private var endOfSettings = 0

    init(_ kind: StageDefinition, plan: SweepPlan, prepared: any PreparedStudy) {
        settings = SettingsText(of: plan, keys: kind.settings, standIns: kind.standIns)
        exception = kind.exception
        fewerSettings = SettingsText(
            of: plan, keys: kind.settings.subtracting(exception?.settings ?? []),
            standIns: kind.standIns)
        deciding = plan.positions(of: exception?.deciding ?? [])
        seedless = kind.seedless
        decidingSeed = plan.positions(of: seedless?.keys ?? [])
        let content = [kind.content, prepared.content(ofStage: kind.name)]
            .map { $0.isEmpty ? "" : $0 + "\n" }.joined()
        beginning = Array(
            "\(kind.name)/\(kind.version)\n\(prepared.dataDigest)\n\(content)".utf8)
    }

    mutating func begin(_ row: SweepRow) {
        bytes.removeAll(keepingCapacity: true)
        bytes += beginning
        if let exception, deciding.count == exception.deciding.count,
            exception.applies(row.values(at: deciding))
        {
            fewerSettings.write(row, to: &bytes)
        } else {
            settings.write(row, to: &bytes)
        }
        endOfSettings = bytes.count
        if let seedless, decidingSeed.count == seedless.keys.count {
            ignoresSeed = seedless.applies(row.values(at: decidingSeed))
        }
    }

    mutating func digest(seed: Int?, dependencies: [Digest]) -> Digest {
        bytes.removeLast(bytes.count - endOfSettings)
        if let seed, !ignoresSeed {
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

/// What the stages of rows take; of rows that differ in nothing that costs it is worked out once.
private struct StageCosts {
    private let positions: [Int]
    private let prepared: any PreparedStudy
    private var known: [[SettingValue]: [String: StageDemand]] = [:]

    init(_ plan: SweepPlan, _ prepared: any PreparedStudy) {
        self.prepared = prepared
        positions = plan.changingPositions(without: prepared.settingsWithoutCost)
    }

    mutating func demands(of row: SweepRow) -> [String: StageDemand] {
        let values = row.values(at: positions)
        if let demands = known[values] { return demands }
        let demands = prepared.demands(of: row.settings)
        known[values] = demands
        return demands
    }
}
