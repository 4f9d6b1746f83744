import AblateCommands
import ArgumentParser
import CommandStudy
import Foundation
import MCSimCLRStudy
import Studies
import Sweeps
import TestSupport
import Testing

@Suite("The documents")
struct DocumentTests {
    /// Every page of the repository that is written by hand.
    private static let pages: [String] = {
        let folders = [
            "", "sweeps", "docs", "Decisions", "results", "Examples/OwnTrainer",
            "Examples/pytorch", "Examples/sklearn-digits",
        ]
        return folders.flatMap { folder -> [String] in
            let url = Repository.root.appending(path: folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            return names.filter { $0.hasSuffix(".md") }.map {
                folder.isEmpty ? $0 : "\(folder)/\($0)"
            }
        }.sorted()
    }()

    @Test("are there: README.md, ARCHITECTURE.md, CONTRIBUTING.md, and what they lead to")
    func all() {
        #expect(
            Set(Self.pages).isSuperset(of: [
                "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
                "sweeps/FORMAT.md", "docs/json-log.md", "results/README.md",
                "Examples/OwnTrainer/README.md",
            ]))
    }

    @Test("lead nowhere but to files and headings that exist", arguments: pages)
    func links(page: String) throws {
        let text = try Repository.text(page)
        let folder = Repository.root.appending(path: page).deletingLastPathComponent()
        for match in text.matches(of: /\]\(([^)\s]+)\)/) {
            let target = String(match.output.1)
            guard !target.contains("://") else { continue }
            let parts = target.split(
                separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let file =
                parts[0].isEmpty
                ? Repository.root.appending(path: page) : folder.appending(path: String(parts[0]))
            #expect(FileManager.default.fileExists(atPath: file.path), "\(page): \(target)")
            guard parts.count == 2, file.pathExtension == "md" else { continue }
            let headings = try Self.headings(String(contentsOf: file, encoding: .utf8))
            #expect(headings.contains(String(parts[1])), "\(page): \(target)")
        }
    }

    /// The anchors of a page's headings.
    private static func headings(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
                    .replacing(" ", with: "-")
            })
    }

    // MARK: Sweep files

    /// What a page has in fences of a language.
    private static func blocks(_ language: String, _ page: String) throws -> [String] {
        try Repository.text(page).split(separator: "```\(language)\n").dropFirst()
            .map { String($0[..<($0.firstRange(of: "```")?.lowerBound ?? $0.endIndex)]) }
    }

    /// The sweep files that a page has whole.
    private static func sweeps(_ page: String) throws -> [String] {
        try blocks("yaml", page).filter { $0.contains(/(?m)^parameters:/) }
    }

    @Test("have sweep files that can be planned as they stand")
    func sweepFiles() throws {
        var pages: [String] = []
        for page in Self.pages {
            for text in try Self.sweeps(page) {
                let folder = try TemporaryFolder()
                // The page's program is not run here, and need not be installed.
                try folder.write("#!/bin/sh\n", to: "python3")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: folder.file("python3").path)
                try folder.write(
                    text.replacing("[python3,", with: "[./python3,"), to: "sweep.yaml")
                // Of a trainer of one's own the page has the program, too.
                try folder.write(Self.blocks("python", page).first ?? "", to: "train.py")
                let session = try SweepSession(
                    path: folder.file("sweep.yaml").path, overrides: [],
                    catalogue: StudyCatalogue([BuiltinStudy(), ProgramStudy()]))
                #expect(session.plan.trials.count > 1, "\(page)")
                pages.append(page)
            }
        }
        #expect(Set(pages).isSuperset(of: ["README.md", "docs/own-trainer.md"]))
    }

    // MARK: Commands

    /// What a page has between backticks, in indented and in fenced blocks.
    private static func code(_ text: String) -> [String] {
        var isFenced = false
        return text.split(separator: "\n").flatMap { line -> [String] in
            if line.hasPrefix("```") { isFenced.toggle() }
            if isFenced || line.hasPrefix("    ") { return [String(line)] }
            return line.matches(of: /`([^`]+)`/).map { String($0.output.1) }
        }
    }

    @Test("name commands that exist, with options that they have", arguments: pages)
    func commands(page: String) throws {
        let known = Dictionary(
            uniqueKeysWithValues: Program.commands.map { name, type in
                // What may be left out of a line has its options all the same.
                (name, Program.help(type.configuration.defaultSubcommand ?? type))
            })
        let text = try Repository.text(page).replacing("\\|", with: "|")
        for code in Self.code(text) {
            for match in code.matches(of: /(?:^|[\s\/])ablate ([a-z]+)( [a-z]+)?([^`]*)/) {
                let first = String(match.output.1)
                let second = first + (match.output.2.map(String.init) ?? "")
                let help = known[second] ?? known[first]
                // "ablate: ..." is what the program says; "ablate trains" would be prose in code.
                let page = "\(page): \(match.output.0)"
                guard let help else {
                    Issue.record("\(page): there is no such command")
                    continue
                }
                for option in match.output.3.matches(of: /\s\[?(--[a-z-]+)/) {
                    #expect(help.contains(String(option.output.1)), "\(page)")
                }
            }
        }
    }

    @Test("name targets that the Makefile has", arguments: pages)
    func targets(page: String) throws {
        let makefile = try Repository.text("Makefile")
        for code in Self.code(try Repository.text(page)) {
            for match in code.matches(of: /(?:^|\s)make ([a-z][a-z-]*)/) {
                #expect(makefile.contains("\n\(match.output.1):"), "\(page): \(match.output.0)")
            }
        }
    }

    @Test("README.md lists every command")
    func listed() throws {
        let text = try Repository.text("README.md")
        for (name, type) in Program.commands
        where type.configuration.shouldDisplay && !["", "data", "export results"].contains(name) {
            #expect(text.contains("`ablate \(name)"), "\(name)")
        }
    }

    @Test("CITATION.cff has the program's version")
    func citation() throws {
        let text = try Repository.text("CITATION.cff")
        #expect(text.contains("\nversion: \(BuildName.version)\n"))
        #expect(text.contains("https://arxiv.org/abs/2309.15938"))
    }

    // MARK: What is listed by hand

    @Test("sweeps/FORMAT.md names the metrics that there are, and those without a choice")
    func metrics() throws {
        let line = try #require(
            Repository.text("sweeps/FORMAT.md").split(separator: "\n")
                .first { $0.hasPrefix("| `metrics` |") })
        let match = try #require(line.firstMatch(of: /some of ([^;]+); `\[([^\]]+)\]` without it/))
        let named = match.output.1.matches(of: /`([a-z0-9_]+)`/).map { String($0.output.1) }
        let study = BuiltinStudy()
        #expect(named.sorted() == study.figures.map(\.name).sorted())
        let standard = study.figures.filter { $0.display == .tables }.map(\.name)
        #expect(match.output.2 == standard.joined(separator: ", "))
    }

    @Test(
        "decision 5 lists the files of unchecked targets whose names do not say that they hold pointers"
    )
    func pointers() throws {
        let package = try Repository.text("Package.swift")
        let targets = package.split(separator: ".target(").compactMap { text -> String? in
            guard let name = text.firstMatch(of: /name: "(\w+)"/),
                let settings = text.firstMatch(of: /swiftSettings: (\w+)/),
                settings.output.1 == "numeric"
            else { return nil }
            return String(name.output.1)
        }
        #expect(targets.contains("NeuralNetwork") && targets.count == 5)
        var found: [String] = []
        for target in targets {
            let folder = Repository.root.appending(path: "Sources/\(target)")
            let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
            for case let file as String in files where file.hasSuffix(".swift") {
                guard !file.contains(/(Unsafe|Kernels)[^\/]*\.swift$/) else { continue }
                let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                if text.contains(/Unsafe\w*(Pointer|Array)|withUnsafe|unsafe[UB]/) {
                    found.append("\(target)/\(file)")
                }
            }
        }
        let decision = try Repository.text(
            "Decisions/5-numeric-targets-without-bounds-checks.md")
        let listed = decision.matches(of: /(?m)^- `(\w+)`: (.+)$/).flatMap { match in
            match.output.2.matches(of: /`([^`]+)`/).map { "\(match.output.1)/\($0.output.1)" }
        }
        #expect(listed.sorted() == found.sorted())
    }
}
