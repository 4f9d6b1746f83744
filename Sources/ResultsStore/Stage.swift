public import Digests

/// One piece of work of a sweep, named by the digest of everything that its result depends on.
///
/// Two stages of equal ``id`` are one computation, within a sweep, between sweeps and between
/// processes. What a stage computes is known to the executor alone.
public struct Stage: Sendable, Hashable, Identifiable {
    /// The digest of settings, inputs and version of the algorithm.
    public var id: Digest
    /// What sort of work it is ("scenes", "pretrain", ...): rates are measured for each kind.
    public var kind: String
    /// Stages that must be finished before this one starts.
    public var dependencies: [Digest]
    /// Units: bytes held while it runs, in addition to what the process holds anyway.
    public var memoryBytes: Int
    /// The amount of work, in a unit of the kind's own choice; longer work starts earlier.
    public var work: Double
    /// True when it leaves a file that its dependents read.
    public var producesArtifact: Bool
    /// The most threads that it can make use of.
    public var threads: Int
    /// Whether it starts with one thread and takes what is idle while it runs; else it holds its threads from its start to its end.
    public var borrowsThreads: Bool
    /// Of one that borrows, or that is timed by processor: the share of its time that one thread works while the others wait.
    public var serialShare: Double
    /// Whether its time is that of its threads on a processor, so that what it took says as much on a machine that others
    /// keep busy; else its time is the clock's, as where it waits for a program or a graphics card.
    public var isTimedByProcessor: Bool
    private var texts: Texts

    private enum Texts: Sendable {
        case own(title: String, payload: String)
        case made(by: any StageTexts, number: Int)
    }

    public init(
        id: Digest, kind: String, title: String, dependencies: [Digest] = [],
        payload: String = "{}",
        memoryBytes: Int = 0, work: Double = 1, producesArtifact: Bool = false, threads: Int = 1,
        borrowsThreads: Bool = false, serialShare: Double = Self.usualSerialShare,
        isTimedByProcessor: Bool = false
    ) {
        self.id = id
        self.kind = kind
        texts = .own(title: title, payload: payload)
        self.dependencies = dependencies
        self.memoryBytes = memoryBytes
        self.work = work
        self.producesArtifact = producesArtifact
        self.threads = threads
        self.borrowsThreads = borrowsThreads
        self.serialShare = serialShare
        self.isTimedByProcessor = isTimedByProcessor
    }

    /// - Parameters:
    ///   - texts: makes title and payload whenever they are asked for.
    ///   - number: the stage's number there.
    public init(
        id: Digest, kind: String, texts: any StageTexts, number: Int,
        dependencies: [Digest] = [], memoryBytes: Int = 0, work: Double = 1,
        producesArtifact: Bool = false, threads: Int = 1, borrowsThreads: Bool = false,
        serialShare: Double = Self.usualSerialShare, isTimedByProcessor: Bool = false
    ) {
        self.id = id
        self.kind = kind
        self.texts = .made(by: texts, number: number)
        self.dependencies = dependencies
        self.memoryBytes = memoryBytes
        self.work = work
        self.producesArtifact = producesArtifact
        self.threads = threads
        self.borrowsThreads = borrowsThreads
        self.serialShare = serialShare
        self.isTimedByProcessor = isTimedByProcessor
    }

    /// Whether the seconds of a rate are those of all its threads, so that it is faster with more of them.
    public var sharesItsTime: Bool { borrowsThreads || isTimedByProcessor && threads > 1 }

    /// An assumption, for stages of which nothing is known.
    public static let usualSerialShare = 0.04

    /// For people: shown while it runs and in failures.
    public var title: String {
        get {
            switch texts {
            case .own(let title, _): title
            case .made(let maker, let number): maker.title(of: number)
            }
        }
        set { texts = .own(title: newValue, payload: payload) }
    }

    /// JSON that only the executor understands.
    public var payload: String {
        get {
            switch texts {
            case .own(_, let payload): payload
            case .made(let maker, let number): maker.payload(of: number)
            }
        }
        set { texts = .own(title: title, payload: newValue) }
    }

    public static func == (left: Stage, right: Stage) -> Bool {
        left.id == right.id && left.kind == right.kind && left.dependencies == right.dependencies
            && left.memoryBytes == right.memoryBytes && left.work == right.work
            && left.producesArtifact == right.producesArtifact && left.threads == right.threads
            && left.borrowsThreads == right.borrowsThreads
            && left.serialShare == right.serialShare
            && left.isTimedByProcessor == right.isTimedByProcessor
            && left.title == right.title && left.payload == right.payload
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Makes the long texts of a plan's stages when they are asked for: those of a million trials would be
/// gigabytes, and most are asked for once.
public protocol StageTexts: AnyObject, Sendable {
    func title(of number: Int) -> String
    func payload(of number: Int) -> String
}

/// A point of a curve: a value at a step of training.
public struct CurvePoint: Sendable, Hashable, Codable {
    public var step: Int
    public var value: Double

    public init(step: Int, value: Double) {
        self.step = step
        self.value = value
    }
}

/// What a finished stage leaves in the database. Metric names must be unique within a trial, so
/// that each can be a column of `trial_results` ("probe.accuracy", not "accuracy").
public struct StageResult: Sendable, Hashable {
    public var metrics: [String: Double]
    public var curves: [String: [CurvePoint]]
    /// Texts: notes, confusion matrices as JSON, versions.
    public var details: [String: String]

    public init(
        metrics: [String: Double] = [:], curves: [String: [CurvePoint]] = [:],
        details: [String: String] = [:]
    ) {
        self.metrics = metrics
        self.curves = curves
        self.details = details
    }
}
