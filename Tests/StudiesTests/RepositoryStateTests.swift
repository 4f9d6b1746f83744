import Foundation
import Platform
import Studies
import TestSupport
import Testing

@Suite("The commit that a sweep file is from")
struct RepositoryStateTests {
    private let folder: TemporaryFolder
    private let commit = String(repeating: "0123456789abcdef", count: 3).prefix(40).description

    init() throws { folder = try TemporaryFolder() }

    private func state(_ path: String) -> RepositoryState? {
        RepositoryState(ofFile: folder.url.appending(path: path).path)
    }

    @Test("is read from the repository's files: a branch, packed or not, or a commit by itself")
    func files() throws {
        try folder.write("x", to: "a/sweeps/x.yaml")
        #expect(state("a/sweeps/x.yaml") == nil)
        try folder.write("ref: refs/heads/topic/one\n", to: "a/.git/HEAD")
        #expect(state("a/sweeps/x.yaml") == nil, "a repository without a commit")
        try folder.write(
            "# pack-refs with: peeled\n\(commit) refs/heads/topic/one\n", to: "a/.git/packed-refs")
        #expect(state("a/sweeps/x.yaml")?.commit == commit)
        let newer = String(commit.reversed())
        try folder.write("\(newer)\n", to: "a/.git/refs/heads/topic/one")
        #expect(state("a/sweeps/x.yaml")?.commit == newer)
        try folder.write("\(commit)\n", to: "a/.git/HEAD")
        #expect(state("a/sweeps/x.yaml")?.commit == commit)
        // No such repository: git cannot say whether it was changed.
        #expect(state("a/sweeps/x.yaml")?.isChanged == nil)
    }

    @Test("a work tree beside others shares their branches")
    func workTree() throws {
        try folder.write("ref: refs/heads/other\n", to: "main/.git/worktrees/w/HEAD")
        try folder.write("../..\n", to: "main/.git/worktrees/w/commondir")
        try folder.write("\(commit)\n", to: "main/.git/refs/heads/other")
        try folder.write("gitdir: ../main/.git/worktrees/w\n", to: "w/.git")
        try folder.write("x", to: "w/x.yaml")
        #expect(state("w/x.yaml")?.commit == commit)
    }

    @Test(
        "is as committed or changed, by git where it is there",
        .enabled(if: ExecutablePath.find("git") != nil, "no git here"))
    func changes() throws {
        func git(_ arguments: String...) throws {
            let outcome = try ChildProcess.run(
                URL(fileURLWithPath: "/usr/bin/env"),
                ["git", "-c", "user.name=x", "-c", "user.email=x@y"] + arguments, in: folder.url,
                environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""])
            try #require(outcome.code == 0, "\(outcome.message)")
        }
        try folder.write("x", to: "x.yaml")
        try folder.write("y", to: "data/y.txt")
        try git("init", "--quiet")
        try git("add", ".")
        try git("commit", "--quiet", "-m", "first")
        #expect(state("x.yaml")?.isChanged == false)
        // Files that nobody has added are nobody's business, but for the sweep file.
        try folder.write("new", to: "new.yaml")
        #expect(state("x.yaml")?.isChanged == false)
        #expect(state("new.yaml")?.isChanged == true)
        try folder.write("z", to: "data/y.txt")
        #expect(state("x.yaml")?.isChanged == true)
        #expect(state("x.yaml")?.text.hasSuffix(" with changes that are not committed") == true)
    }
}
