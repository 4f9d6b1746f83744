import Digests
public import Foundation
public import ResultsStore

extension ExchangeFolder {
    /// Copies of the program that no submission needs any more: the store has all that theirs were to compute.
    ///
    /// - Parameter age: of those that are looked at: what has just been made may be for a submission that is
    ///   being written down. Units: seconds.
    /// - Throws: `StoreError`, ``ClusterError/unreadableSubmission(path:)``, since such a submission may need any of them.
    public func unneededBuilds(
        _ store: ResultsStore, age: Double = 600
    ) throws -> [(folder: URL, bytes: Int)] {
        let submissions = try submissions().map { try Submission(reading: $0) }
        let statuses = try store.statuses(of: submissions.flatMap(\.stages))
        let needed = submissions.filter { submission in
            submission.stages.contains { statuses[$0] == .pending }
        }.map { URL(filePath: $0.program).standardizedFileURL.path }
        let builds = root.appending(path: "builds")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: builds.path)) ?? []
        return names.sorted().compactMap { name in
            guard let digest = Digest(name) else { return nil }
            let folder = build(digest)
            let prefix = folder.standardizedFileURL.path
            let isNeeded = needed.contains {
                $0.hasPrefix(prefix.hasSuffix("/") ? prefix : prefix + "/")
            }
            guard !isNeeded, Self.isOlder(folder, than: age) else { return nil }
            return (folder, Self.bytes(below: folder))
        }
    }

    private static func isOlder(_ folder: URL, than seconds: Double) -> Bool {
        let programs = folder.appending(path: "bin")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: programs.path)) ?? []
        let dates = ([folder] + names.map { programs.appending(path: $0) }).compactMap {
            try? FileManager.default.attributesOfItem(atPath: $0.path)[.modificationDate] as? Date
        }
        return dates.allSatisfy { $0.timeIntervalSinceNow < -seconds }
    }

    private static func bytes(below folder: URL) -> Int {
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files?.allObjects ?? []).reduce(0) { sum, file in
            sum
                + ((file as? URL).flatMap {
                    try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize
                } ?? 0)
        }
    }
}

extension Submission {
    /// What its tasks were to compute.
    fileprivate var stages: [Digest] { tasks.flatMap(\.stages) }
}
