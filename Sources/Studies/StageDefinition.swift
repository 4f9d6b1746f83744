public import ResultsStore
public import Sweeps

/// One kind of work that a trial consists of.
public struct StageDefinition: Sendable {
    /// What it is called in the store, in plans and in digests.
    public var name: String
    /// Raised whenever a change makes the same settings give other results of this kind, and of no
    /// other: part of the digest, so that results of the old algorithm are never taken for those of the
    /// new one. Stages that need it have other digests by themselves.
    public var version: Int
    /// What must be there before.
    public var needs: [String]
    /// Whether the result depends on the trial's seed, in rows that do not have ``seedless``.
    public var usesSeed: Bool
    /// Settings with which the result does not depend on the seed after all; nil for none.
    public var seedless: SettingCondition?
    /// Whether it leaves a file in the cache that other stages read.
    public var leavesFile: Bool
    /// The most threads that it can make use of.
    public var threads: Int
    /// Whether it takes idle threads while it runs (`StageContext.team`), and gives them back when others need them; its result
    /// must not depend on how many there are.
    public var borrowsThreads: Bool
    /// Where it takes idle threads, or is timed by processor: the share of its time that one thread works while the others
    /// wait, for forecasts.
    public var serialShare: Double
    /// Whether it computes in this process and waits for nobody, so that forecasts go by what it had of processors,
    /// whatever else kept the machine busy.
    public var isTimedByProcessor: Bool
    /// The settings that its result depends on, those of the stages that it needs included.
    public var settings: Set<String>
    /// Settings whose value "same" stands for that of another one.
    public var standIns: [String: String]
    /// Settings that have no effect in some rows.
    public var exception: SettingException?
    /// What else its result depends on, such as the program that computes it; empty for nothing.
    public var content: String

    public init(
        name: String, version: Int = 1, needs: [String] = [], usesSeed: Bool = true,
        seedless: SettingCondition? = nil, leavesFile: Bool = false, threads: Int = 1,
        borrowsThreads: Bool = false,
        serialShare: Double = Stage.usualSerialShare, isTimedByProcessor: Bool = false,
        settings: Set<String>,
        standIns: [String: String] = [:], exception: SettingException? = nil, content: String = ""
    ) {
        self.name = name
        self.version = version
        self.needs = needs
        self.usesSeed = usesSeed
        self.seedless = seedless
        self.leavesFile = leavesFile
        self.threads = threads
        self.borrowsThreads = borrowsThreads
        self.serialShare = serialShare
        self.isTimedByProcessor = isTimedByProcessor
        self.settings = settings
        self.standIns = standIns
        self.exception = exception
        self.content = content
    }

    /// As `Stage/sharesItsTime`.
    var sharesItsTime: Bool { borrowsThreads || isTimedByProcessor && threads > 1 }

    /// Whether the result of a trial with these settings depends on its seed.
    package func usesSeed(with trial: [String: SettingValue]) -> Bool {
        usesSeed && !(seedless.map { $0.applies($0.keys.map { trial[$0] ?? .null }) } ?? false)
    }

    /// Those of a trial's complete settings that it depends on. What "same" stands for is written
    /// out, so that equal stages are equal however their settings are written.
    package func settings(of trial: [String: SettingValue]) -> [String: SettingValue] {
        var used = trial.filter { settings.contains($0.key) }
        for (own, key) in standIns where used[own] == .text("same") { used[own] = trial[key] }
        if let exception, exception.applies(exception.deciding.map { trial[$0] ?? .null }) {
            for key in exception.settings { used[key] = nil }
        }
        return used
    }
}

/// What some settings must be like.
public struct SettingCondition: Sendable {
    public var keys: [String]
    /// Is given their values, in their order; null for one that a trial does not have.
    public var applies: @Sendable ([SettingValue]) -> Bool

    public init(keys: [String], applies: @escaping @Sendable ([SettingValue]) -> Bool) {
        self.keys = keys
        self.applies = applies
    }
}

/// Settings of a stage that have no effect where others have certain values.
public struct SettingException: Sendable {
    public var settings: Set<String>
    /// The keys of the settings that decide on it.
    public var deciding: [String]
    /// Is given the values of those, in their order.
    public var applies: @Sendable ([SettingValue]) -> Bool

    public init(
        settings: Set<String>, deciding: [String],
        applies: @escaping @Sendable ([SettingValue]) -> Bool
    ) {
        self.settings = settings
        self.deciding = deciding
        self.applies = applies
    }
}

/// What a stage takes.
public struct StageDemand: Sendable, Hashable {
    /// Units: bytes held while it runs, beside what the process holds anyway.
    public var memoryBytes: Int
    /// In a unit that stages of one kind share; seconds come from measured rates.
    public var work: Double

    public init(memoryBytes: Int = 0, work: Double = 1) {
        self.memoryBytes = memoryBytes
        self.work = work
    }
}

/// What a task of a batch system takes beside memory and time.
public struct TaskDemand: Sendable, Hashable {
    /// Processors.
    public var cpus: Int
    /// Graphics cards; a share of one takes the whole.
    public var gpus: Int
    /// The most that one stage takes, where it is known. Units: seconds.
    public var seconds: Double?

    public init(cpus: Int = 1, gpus: Int = 0, seconds: Double? = nil) {
        self.cpus = cpus
        self.gpus = gpus
        self.seconds = seconds
    }
}
