import Foundation
import Platform

/// Which version of a Git repository a file is from.
public struct RepositoryState: Sendable, Hashable, Codable {
    /// Forty or sixty-four hexadecimal digits.
    public var commit: String
    /// Whether files that it has, or the file itself, were other than in the commit; nil where no `git` could say.
    public var isChanged: Bool?

    public init(commit: String, isChanged: Bool? = nil) {
        (self.commit, self.isChanged) = (commit, isChanged)
    }

    /// Of the repository that a file lies in; nil where it is in none, or in one without a commit. Never fails.
    public init?(ofFile path: String) {
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard let (top, folder) = Self.repository(around: file.deletingLastPathComponent()),
            let commit = Self.head(of: folder)
        else { return nil }
        self.init(commit: commit, isChanged: Self.isChanged(top, file))
    }

    /// "1a2b3c4d5e6f", "1a2b3c4d5e6f with changes", "1a2b3c4d5e6f (whether it was changed is not known: no git)".
    public var text: String {
        let state =
            switch isChanged {
            case true: " with changes that are not committed"
            case false: ""
            case nil: " (whether anything was changed is not known: git could not say)"
            }
        return commit.prefix(12) + state
    }

    /// Whether the commit is one: what a stranger says may be anything.
    public var isCommit: Bool { Self.commit(commit) != nil }

    // MARK: Reading

    /// The folder that it is checked out in, and the one that has its HEAD (gitrepository-layout(5)).
    private static func repository(around folder: URL) -> (top: URL, folder: URL)? {
        var place = folder.resolvingSymlinksInPath()
        while true {
            let mark = place.appending(path: ".git")
            if FileManager.default.fileExists(atPath: mark.appending(path: "HEAD").path) {
                return (place, mark)
            }
            // Of a work tree beside others, or a submodule: a file that names the folder.
            if let text = line(of: mark), text.hasPrefix("gitdir: ") {
                let other = URL(
                    fileURLWithPath: String(text.dropFirst("gitdir: ".count)), relativeTo: place)
                return (place, other.absoluteURL.standardizedFileURL)
            }
            guard place.path != "/", place.pathComponents.count > 1 else { return nil }
            place.deleteLastPathComponent()
        }
    }

    private static func head(of folder: URL) -> String? {
        guard let head = line(of: folder.appending(path: "HEAD")) else { return nil }
        guard head.hasPrefix("ref: ") else { return commit(head) }
        let name = String(head.dropFirst("ref: ".count))
        guard !name.split(separator: "/").contains(".."), name.hasPrefix("refs/") else {
            return nil
        }
        // Work trees share what lies in the repository's own folder.
        let shared = line(of: folder.appending(path: "commondir")).map {
            URL(fileURLWithPath: $0, relativeTo: folder).absoluteURL.standardizedFileURL
        }
        for place in [folder, shared].compactMap({ $0 }) {
            if let found = line(of: place.appending(path: name)).flatMap(commit) { return found }
            let packed = try? String(
                contentsOf: place.appending(path: "packed-refs"), encoding: .utf8)
            for entry in (packed ?? "").split(separator: "\n") where entry.hasSuffix(" " + name) {
                if let found = commit(String(entry.prefix { $0 != " " })) { return found }
            }
        }
        return nil
    }

    private static func commit(_ text: String) -> String? {
        let isOne = [40, 64].contains(text.utf8.count) && text.allSatisfy(\.isHexDigit)
        return isOne ? text : nil
    }

    private static func line(of file: URL) -> String? {
        (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").first.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }

    // MARK: Changes

    private static func isChanged(_ top: URL, _ file: URL) -> Bool? {
        // Of this repository alone, and without its leave to write or to start programs of its own.
        var environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("GIT_")
        }
        environment["GIT_OPTIONAL_LOCKS"] = "0"
        environment["LC_ALL"] = "C"
        func output(_ arguments: [String]) -> String? {
            let outcome = try? ChildProcess.run(
                URL(fileURLWithPath: "/usr/bin/env"),
                ["git", "-c", "core.fsmonitor=false", "status", "--porcelain"] + arguments,
                in: top, environment: environment, keepsOutput: true)
            return outcome?.code == 0 ? outcome?.output : nil
        }
        guard let tracked = output(["--untracked-files=no"]) else { return nil }
        if !tracked.isEmpty { return true }
        // A sweep file that was never committed is in no commit.
        return output(["--untracked-files=all", "--ignored", "--", file.path]).map { !$0.isEmpty }
    }
}
