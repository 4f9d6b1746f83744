public import Digests
public import Foundation
public import Studies

/// The shared folder by which tasks of a cluster hand over results: no other type knows its names.
public struct ExchangeFolder: Sendable, Hashable {
    /// `results/exchange`.
    public let root: URL
    /// Where stages leave files for each other.
    let cache: URL

    public init(_ layout: ResultsLayout) {
        cache = layout.cache
        root = layout.root.appending(path: "exchange", directoryHint: .isDirectory)
    }

    /// The result of a stage.
    public func record(_ stage: Digest) -> URL { root.appending(path: "\(stage).json") }

    /// A result of a stage that is not the one that is there already.
    func differing(_ stage: Digest, host: String, job: String) -> URL {
        root.appending(path: "\(stage).differs.\(Self.name(host)).\(Self.name(job)).json")
    }

    /// Says who computes a stage.
    func lease(_ name: String) -> URL { root.appending(path: "leases/\(name).json") }

    /// All that belongs to one submission.
    public func submission(_ name: String) -> SubmissionFolder {
        SubmissionFolder(
            root.appending(path: "submissions/\(name)", directoryHint: .isDirectory))
    }

    /// The program of submissions, by the digest of its content.
    func build(_ digest: Digest) -> URL {
        root.appending(path: "builds/\(digest)", directoryHint: .isDirectory)
    }

    /// Makes the folders.
    ///
    /// Throws: `PlatformError`.
    package func createFolders() throws {
        for name in ["leases", "submissions", "builds"] {
            try SharedFile.makeFolder(root.appending(path: name))
        }
    }

    /// The stages that have a result here, and the files of results that differ from these.
    package func records() -> (stages: [Digest], differing: [URL]) {
        var stages: [Digest] = []
        var differing: [URL] = []
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        for name in names.sorted() where name.hasSuffix(".json") {
            let stem = name.dropLast(".json".count)
            if let digest = Digest(stem) {
                stages.append(digest)
            } else if name.contains(".differs."), Digest(stem.prefix { $0 != "." }) != nil {
                differing.append(root.appending(path: name))
            }
        }
        return (stages, differing)
    }

    /// The submissions in the order in which they were made.
    public func submissions() -> [SubmissionFolder] {
        let folder = root.appending(path: "submissions")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.map { submission($0) }
            .filter { FileManager.default.fileExists(atPath: $0.file.path) }
            .sorted { $0.order < $1.order }
    }

    /// Refuses to go on where a submission cannot be read: its jobs would be taken for nobody's, handed over
    /// a second time, and never cancelled.
    ///
    /// Throws: ``ClusterError/unreadableSubmission(path:)``.
    public func checkSubmissions() throws {
        for folder in submissions() { _ = try Submission(reading: folder) }
    }

    /// Without what is a path.
    private static func name(_ text: String) -> String {
        String(text.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : "_" })
    }
}

/// The files of one submission.
public struct SubmissionFolder: Sendable, Hashable {
    public let root: URL

    public init(_ root: URL) { self.root = root }

    /// `SWEEP-3`: part of the names of its jobs.
    public var name: String { root.lastPathComponent }
    /// What was submitted.
    public var file: URL { root.appending(path: "submission.json") }
    /// The sweep file as it was then.
    public func sweep(_ name: String) -> URL { root.appending(path: "sweep/\(name)") }
    func script(_ job: String) -> URL { root.appending(path: "\(job).sh") }
    public var logs: URL { root.appending(path: "logs", directoryHint: .isDirectory) }
    /// How far a task is.
    func state(ofTask number: Int) -> URL { root.appending(path: "tasks/\(number).json") }
    var states: URL { root.appending(path: "tasks", directoryHint: .isDirectory) }

    /// What its tasks say of themselves, in their order.
    func taskStates() -> [(number: Int, state: TaskState)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: states.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.compactMap { Int($0.dropLast(5)) }.sorted()
            .compactMap { number in
                TaskState(reading: state(ofTask: number)).map { (number, $0) }
            }
    }

    /// Who made it: Slurm's queue has its jobs under this user.
    public var owner: UInt32 {
        var facts = stat()
        return stat(root.path, &facts) == 0 ? facts.st_uid : getuid()
    }

    /// By sweep, then by number.
    fileprivate var order: Order {
        let parts = name.split(separator: "-")
        return Order(
            sweep: parts.dropLast().joined(separator: "-"),
            number: parts.last.flatMap { Int($0) } ?? 0)
    }

    fileprivate struct Order: Comparable {
        var sweep: String
        var number: Int

        static func < (left: Order, right: Order) -> Bool {
            (left.sweep, left.number) < (right.sweep, right.number)
        }
    }
}
