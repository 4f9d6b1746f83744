import ArgumentParser
import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// `ablate init`
struct InitCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Begin a sweep file: checked, commented, and short enough for the time you have.",
        discussion: """
            Asks what it is not told, where somebody is there to answer; elsewhere flags and defaults say all. \
            The file is one that 'plan' accepts and whose predicted time fits.

            EXAMPLE
              \(ProgramName.current) init
              \(ProgramName.current) init birds --data recordings/manifest.csv --vary temperature --time 1h
              \(ProgramName.current) init rooms --from sweeps/rt60.yaml
              \(ProgramName.current) init mine --study command
            """)

    @Argument(help: "The sweep's name; its file is NAME.yaml (default: my-sweep).")
    var name: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The study, of those that the program has.", valueName: "study"))
    var study: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Begin with a copy of this file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var from: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A manifest or a folder of recordings (default: built-in sounds).", valueName: "path"))
    var data: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A setting to vary; may be repeated.", valueName: "setting"),
        completion: .custom { _, _, _ in Completions.settings() })
    var vary: [String] = []

    @Option(name: .long, help: "How long the run may take, such as 10m or 2h (default: 10m).")
    var time: TimeBudget?

    @OptionGroup var results: ResultsOptions

    func validate() throws {
        if from != nil, study != nil || data != nil || !vary.isEmpty || time != nil {
            throw ValidationError(
                "--from copies a file as it is: leave --study, --data, --vary and --time out")
        }
    }

    func run() throws {
        var wish = StarterWish(name: name ?? "my-sweep", data: data, vary: vary)
        var time = time ?? TimeBudget(argument: "10m")!
        if let name { try Self.check(name: name) }
        if asks { ask(&wish, &time) }
        let file = URL(fileURLWithPath: wish.name + ".yaml")
        try Self.check(name: wish.name)
        if let from {
            try copy(from, to: file, named: wish.name)
        } else {
            try begin(wish, within: time, at: file)
        }
    }

    // MARK: Questions

    /// Whether somebody is there who has said nothing yet.
    private var asks: Bool {
        from == nil && study == nil && data == nil && vary.isEmpty && time == nil
            && isatty(STDIN_FILENO) == 1 && Console.isInteractive
    }

    private func ask(_ wish: inout StarterWish, _ time: inout TimeBudget) {
        let plain = StarterWish(name: wish.name)
        let starter = Ablate.catalogue.studies[0] as? any StudyWithStarter
        if name == nil {
            wish.name =
                answer("name of the sweep", wish.name) { text in
                    try Self.check(name: text)
                    return text
                } ?? wish.name
        }
        wish.data = answer("recordings: a manifest or a folder", "built-in sounds") { text in
            var attempt = plain
            attempt.data = text
            _ = try starter?.starters(for: attempt)
            return text
        }
        wish.vary =
            answer(
                "what to vary ('\(ProgramName.current) settings' lists all)", "augmentations"
            ) { text in
                var attempt = plain
                attempt.vary = text.split(whereSeparator: { ", ".contains($0) }).map(String.init)
                _ = try starter?.starters(for: attempt)
                return attempt.vary
            } ?? []
        time =
            answer("how long it may take", time.description) { text in
                guard let given = TimeBudget(argument: text) else {
                    throw ValidationError("a time is written like 90s, 20m or 2h")
                }
                return given
            } ?? time
    }

    /// Asks until the answer is one that can be used; nil for the default.
    private func answer<Value>(
        _ question: String, _ standard: String, read: (String) throws -> Value
    ) -> Value? {
        while true {
            Console.write("\(question) [\(standard)]: ")
            guard let line = readLine() else {
                // Whoever ends the input takes what is proposed, each on a line of its own.
                Console.write("\n")
                return nil
            }
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty { return nil }
            do {
                return try read(text)
            } catch {
                Console.write(wrapping: "\(error)\n")
            }
        }
    }

    /// Throws: ``CommandError`` for a name that no sweep can have, or whose file is there.
    private static func check(name: String) throws {
        guard SweepNameRule.allows(name) else { throw CommandError.unusableName(name) }
        guard !FileManager.default.fileExists(atPath: name + ".yaml") else {
            throw CommandError.fileExists(name + ".yaml")
        }
    }

    // MARK: Files

    private func copy(_ source: String, to file: URL, named name: String) throws {
        guard let text = try? String(contentsOfFile: source, encoding: .utf8) else {
            throw CommandError.unreadableText(path: source, reason: "there is no such text")
        }
        var lines = text.components(separatedBy: "\n")
        if let index = lines.firstIndex(where: { $0.hasPrefix("name:") }) {
            lines[index] = "name: \(name)"
        }
        try accepted([StarterFile(lines.joined(separator: "\n"))], within: nil, at: file)
    }

    private func begin(
        _ wish: StarterWish, within time: TimeBudget, at file: URL
    ) throws {
        let studies = Ablate.catalogue.studies
        let chosen = study.map { name in studies.first { $0.name == name } } ?? studies[0]
        guard let starter = chosen as? any StudyWithStarter else {
            throw CommandError.noStarter(
                study ?? studies[0].name,
                known: studies.filter { $0 is any StudyWithStarter }.map(\.name))
        }
        try accepted(starter.starters(for: wish), within: time, at: file)
    }

    /// Writes the first of these that fits; the last where none does.
    private func accepted(
        _ starters: [StarterFile], within time: TimeBudget?, at file: URL
    ) throws {
        let folder = file.deletingLastPathComponent()
        for (number, starter) in starters.enumerated() {
            var written = [file]
            do {
                try WholeFile.write(starter.text, to: file)
                for (name, text) in starter.companions {
                    let companion = folder.appending(path: name)
                    guard !FileManager.default.fileExists(atPath: companion.path) else { continue }
                    try WholeFile.write(text, to: companion)
                    written.append(companion)
                }
                let session = try SweepSession(
                    path: file.relativePath, overrides: [], catalogue: Ablate.catalogue,
                    results: results.layout.root, notice: { Console.error($0) })
                let forecast = try forecast(session)
                let seconds = forecast.isCalibrated ? forecast.times.seconds : nil
                let isLast = number == starters.count - 1
                if let time, let seconds, seconds > time.seconds, !isLast { continue }
                tell(session, seconds, forecast, time, written)
                return
            } catch {
                // Nothing is left of a file that cannot be run.
                for url in written { try? FileManager.default.removeItem(at: url) }
                throw error
            }
        }
    }

    private func forecast(_ session: SweepSession) throws -> RunForecast {
        let database = results.layout.database.path
        let store =
            FileManager.default.fileExists(atPath: database)
            ? try ResultsStore(readingFrom: database) : try ResultsStore(inMemory: .init())
        return try RunForecast(
            session, store: store, layout: results.layout,
            workers: Processors.available,
            memoryLimit: MachineMemory.available, build: BuildName.current(session.study),
            calibrates: true)
    }

    private func tell(
        _ session: SweepSession, _ seconds: Double?, _ forecast: RunForecast, _ time: TimeBudget?,
        _ written: [URL]
    ) {
        let path = written[0].relativePath
        let predicted = seconds.map {
            ", predicted: "
                + Prediction.text(seconds: $0, deviation: forecast.times.deviation)
        }
        var lines = [
            "\(path): \(Count.text(session.plan.rows.count, "configuration")) x \(Count.text(session.plan.seeds.count, "seed"))"
                + (predicted ?? "")
        ]
        lines += written.dropFirst().map {
            "\($0.relativePath): what it runs; put yours in its place"
        }
        if let time, let seconds, seconds > time.seconds {
            lines.append("that is more than \(time): vary less, or give it more time")
        }
        lines.append(
            "next: \(ProgramName.current) plan \(path), then \(ProgramName.current) run \(path)")
        Console.write(lines.map { $0 + "\n" }.joined())
    }
}
