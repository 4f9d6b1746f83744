import CStageProcess
import Foundation
import ResultsStore
public import Studies

/// The variable by which all that a run has started knows the run: its process, told apart from every other that
/// had or will have its number.
enum RunMark {
    static let name = "ABLATE_RUN"

    /// Of this process.
    static let own = text(of: .current)

    private static func text(of process: ProcessIdentity) -> String {
        "\(process.pid) \(process.processStart) \(process.namespace) \(process.boot)"
    }

    /// Whether the run of a mark is over; false for what is no mark.
    static func isOver(_ mark: String) -> Bool {
        let words = mark.split(separator: " ").map(String.init)
        guard words.count == 4, let pid = Int(words[0]) else { return false }
        return !ProcessIdentity(
            pid: pid, boot: words[3], processStart: words[1], namespace: words[2]
        ).isAlive
    }
}

/// Programs that go on although the run that has started them was killed, together with the leaders that would
/// have ended them.
struct SurvivingPrograms {
    /// The marks of their runs, with their processes.
    private var runs: [String: Set<Int>] = [:]

    /// Those that write into folders of stages that have begun and not ended.
    ///
    /// Programs of runs that go on are none, nor are those of other folders of results, nor processes that have the
    /// number of one that has ended: each is asked for the variables that it began with.
    init(below folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let marks = Set(
            names.filter { $0.hasSuffix(".unfinished") }.compactMap {
                StageProcess.mark(of: folder.appending(path: $0))
            })
        guard !marks.isEmpty else { return }
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for number in processes.compactMap({ Int($0) }) where number != Int(getpid()) {
            let variables = Self.variables(of: number)
            guard let place = variables.first(where: { $0.hasPrefix("ABLATE_PROCESS=") }),
                marks.contains(place),
                let run = variables.first(where: { $0.hasPrefix(RunMark.name + "=") }),
                RunMark.isOver(String(run.dropFirst(RunMark.name.count + 1)))
            else { continue }
            runs[run, default: []].insert(number)
        }
    }

    /// That a process began with, as `NAME=value`; none of another user's.
    private static func variables(of process: Int) -> [String] {
        guard let file = FileHandle(forReadingAtPath: "/proc/\(process)/environ"),
            let data = try? file.read(upToCount: 8 << 20)
        else { return [] }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Ends them; returns how many there were. One that cannot be ended is told when its stage is to begin.
    func end() -> Int {
        let own = ProcessInfo.processInfo.environment[RunMark.name].map { "\(RunMark.name)=\($0)" }
        // A run that such a program has started lets itself live.
        let others = runs.filter { $0.key != own }
        for run in others.keys { _ = ablate_stage_end_orphans(run) }
        return others.values.reduce(0) { $0 + $1.count }
    }
}

extension ProgramStudy: StudyWithPrograms {
    public func endSurvivors(in layout: ResultsLayout) -> Int {
        SurvivingPrograms(below: layout.cache.appending(path: ProgramExecutor.cacheFolder)).end()
    }
}
