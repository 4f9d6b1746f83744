public import Digests
public import Orchestration
public import ResultsStore
public import Sweeps

/// A study with all that one sweep's stages need beside their settings.
public protocol PreparedStudy: Sendable {
    /// Names all content that results depend on, such as the recordings: part of every stage's digest.
    var dataDigest: Digest { get }
    /// What the store keeps of it for tables and reports: `data` (a name), `synthetic`, `data_notes`, ...
    var facts: [String: String] { get }
    /// For `ablate plan`: what was found, line by line.
    var overview: [String] { get }
    /// Files below the sweep's folder that results depend on and that go with the sweep to another machine, by
    /// their paths there: programs, not data.
    var companions: [String] { get }
    /// How many stages can run at once by what they need beside cores and memory; nil for any number.
    var workersAtMost: Int? { get }
    /// What a batch system must give a task that computes one stage at a time.
    var taskDemand: TaskDemand { get }
    /// Settings of which nothing that ``demands(of:)`` says depends.
    var settingsWithoutCost: Set<String> { get }
    /// Settings that the sizes of files depend on.
    var settingsOfFileSizes: Set<String> { get }

    /// Settings of the plan's rows that cannot run with what was found.
    func conflicts(in plan: SweepPlan) -> [(conflict: SettingConflict, row: SweepRow)]

    /// What each kind of stage takes with a row's complete settings, by the stage's name.
    func demands(of settings: [String: SettingValue]) -> [String: StageDemand]

    /// The size of the file that a stage leaves. Units: bytes.
    func fileBytes(of stage: String, settings: [String: SettingValue]) -> Int

    /// Where files lie that people take with them, below the folder of results, by the kind of stage that leaves them:
    /// `*` stands for the stage's digest.
    var modelFiles: [String: String] { get }

    /// Short measurements that stand in for rates of stages that never ran, by kind.
    ///
    /// - Parameters:
    ///   - stages: the largest of each kind.
    ///   - isCancelled: asked at every step.
    /// - Throws: `CancellationError` when it was cancelled.
    func calibratedRates(
        of stages: [Stage], isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [String: MeasuredRate]

    /// The same with data that lack the test split: what tuning runs with.
    ///
    /// Throws: where there is no validation split to choose by, in words for the user.
    func withoutTest() throws -> any PreparedStudy

    /// Computes the stages.
    func executor(_ layout: ResultsLayout) -> any StageExecutor
}

extension PreparedStudy {
    public var overview: [String] { [] }
    public var companions: [String] { [] }
    public var workersAtMost: Int? { nil }
    public var taskDemand: TaskDemand { TaskDemand() }
    public var settingsWithoutCost: Set<String> { [] }
    public var settingsOfFileSizes: Set<String> { [] }

    public func withoutTest() throws -> any PreparedStudy { self }

    public func conflicts(in plan: SweepPlan) -> [(conflict: SettingConflict, row: SweepRow)] { [] }

    public func demands(of settings: [String: SettingValue]) -> [String: StageDemand] { [:] }

    public func fileBytes(of stage: String, settings: [String: SettingValue]) -> Int { 0 }
    public var modelFiles: [String: String] { [:] }

    public func calibratedRates(
        of stages: [Stage], isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [String: MeasuredRate] { [:] }
}
