public import Digests
import Files
package import Foundation
public import ResultsStore

/// The result of a stage as a task leaves it: one file, sealed by a digest of its own content.
public struct ExchangeRecord: Sendable, Hashable, Codable {
    static let currentFormat = 1

    public var format = Self.currentFormat
    public var stage: Digest
    public var kind: String
    public var title: String
    /// `finished` or `failed`.
    public var outcome: AttemptOutcome
    public var reason: String?
    public var attempt: Int
    /// By the clock of the machine that computed it, for people. Units: seconds since 1970.
    public var started: Double
    /// Units: seconds.
    public var seconds: Double
    /// What it has had of processors; nil from versions that did not measure it. Units: seconds.
    public var processorSeconds: Double?
    /// Units: bytes.
    public var peakMemory: Int
    public var build: String
    public var host: String
    /// The job of the batch system; empty without one.
    public var job: String
    /// Whose task computed it; nil from a run beside the cluster, and from versions of before.
    public var submission: String?
    /// The commit that the program was built from; nil where its build did not say.
    public var program: String?
    public var log: String
    public var metrics: [String: Double]
    public var curves: [String: [CurvePoint]]
    public var details: [String: String]

    public init(
        stage: Stage, outcome: AttemptOutcome, reason: String? = nil, attempt: Int = 1,
        started: Double = 0, seconds: Double = 0, processorSeconds: Double? = nil,
        peakMemory: Int = 0, build: String = "",
        host: String = "", job: String = "", submission: String? = nil, program: String? = nil,
        log: String = "", result: StageResult = StageResult()
    ) {
        self.stage = stage.id
        kind = stage.kind
        title = stage.title
        self.outcome = outcome
        self.reason = reason
        self.attempt = attempt
        self.started = started
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.peakMemory = peakMemory
        self.build = build
        self.host = host
        self.job = job
        self.submission = submission
        self.program = program
        self.log = log
        metrics = result.metrics
        curves = result.curves
        details = result.details
    }

    public var result: StageResult {
        StageResult(metrics: metrics, curves: curves, details: details)
    }

    /// As the store takes it in.
    public var foreignResult: ForeignResult {
        ForeignResult(
            stage: stage,
            attempt: StageAttempt(
                outcome: outcome, attempt: attempt, reason: reason, result: result,
                started: started, seconds: seconds, processorSeconds: processorSeconds,
                peakMemoryBytes: peakMemory, build: build),
            log: log)
    }

    /// Why no stage can have left it, in words; nil where one can.
    func impossible(
        _ fault: (_ stage: Digest, _ metric: String, _ value: Double) -> String?
    ) -> String? {
        for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
            guard value.isFinite else { return "\(name) is \(value), no number" }
            if let fault = fault(stage, name, value) { return "\(name) is \(value), \(fault)" }
        }
        // A year of seconds, and more memory than machines have.
        guard (0...3.2e7).contains(seconds) else { return "it took \(seconds) s" }
        guard (0...1e11).contains(started) else { return "it began \(started) s after 1970" }
        guard (0...1 << 50).contains(peakMemory) else { return "it took \(peakMemory) bytes" }
        return nil
    }

    // MARK: As a file

    /// JSON whose first entry is the digest of the rest.
    func sealed() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let body = try encoder.encode(self)
        let digest = body.withUnsafeBytes { Digest(of: $0) }
        return Data(Self.seal(digest).utf8) + body.dropFirst()
    }

    /// nil for what is no whole record of `stage`: torn, changed, of another stage or a later version.
    package init?(_ data: Data, of stage: Digest) {
        let length = Self.seal(stage).utf8.count
        guard data.count > length,
            let head = String(data: data.prefix(length), encoding: .utf8),
            let digest = Digest(head.dropFirst(Self.beginning.count).prefix(32)),
            head == Self.seal(digest)
        else { return nil }
        let body = Data("{".utf8) + data.dropFirst(length)
        guard body.withUnsafeBytes({ Digest(of: $0) }) == digest else { return nil }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let record = try? decoder.decode(Self.self, from: body), record.stage == stage,
            record.format == Self.currentFormat,
            record.outcome == .finished || record.outcome == .failed
        else { return nil }
        self = record
    }

    private static let beginning = #"{"content":""#

    private static func seal(_ digest: Digest) -> String { beginning + "\(digest)\"," }
}
