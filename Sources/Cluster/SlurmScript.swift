import Foundation
import Studies

/// What a job takes, in Slurm's words.
package struct JobDemand: Sendable, Hashable {
    /// Options of sbatch in the order of their lines; those of the user come last, and win.
    var options: [(name: String, value: String)] = []

    package static func == (left: JobDemand, right: JobDemand) -> Bool {
        left.lines == right.lines
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(lines) }

    var lines: [String] { options.map { SlurmScript.line($0.name, $0.value) } }

    func has(_ name: String) -> Bool { options.contains { $0.name == name } }

    /// Sets an option, in the place of one of that name.
    mutating func set(_ name: String, _ value: String) {
        options.removeAll { $0.name == name }
        options.append((name, value))
    }
}

/// A script for sbatch: a person can read it, change it and hand it over by hand.
package struct SlurmScript: Sendable {
    var name: String
    var demand: JobDemand
    /// Number of tasks and how many may run at once; nil for a job without an array.
    var array: (count: Int, most: Int?)?
    var logs: String
    var folder: String
    var setup: [String] = []
    /// Words of the command; the number of the task follows where there is an array.
    var command: [String]
    /// Of the array's first task among those of the submission.
    var firstTask = 0

    package init(
        name: String, demand: JobDemand, array: (count: Int, most: Int?)?, logs: String,
        folder: String, setup: [String] = [], command: [String], firstTask: Int = 0
    ) {
        self.name = name
        self.demand = demand
        self.array = array
        self.logs = logs
        self.folder = folder
        self.setup = setup
        self.command = command
        self.firstTask = firstTask
    }

    /// How long before the time is up a signal comes, so that work can be saved: Slurm looks every half
    /// minute, and sends it up to a minute early. Units: seconds.
    package static func warning(before limit: Double?) -> Int {
        limit.map { max(5, min(60, Int($0 / 10))) } ?? 60
    }

    /// A time limit as Slurm writes it: whole minutes.
    package static func time(_ seconds: Double) -> String {
        let minutes = max(1, Int((seconds / 60).rounded(.up)))
        let (days, hours) = (minutes / 1440, minutes / 60 % 24)
        let clock = String(format: "%02d:%02d:00", hours, minutes % 60)
        return days > 0 ? "\(days)-\(clock)" : clock
    }

    /// An option as sbatch reads it: in quotes where it has more than letters, digits and what paths and lists are
    /// made of.
    package static func line(_ name: String, _ value: String) -> String {
        if value.isEmpty { return "#SBATCH --\(name)" }
        let isPlain = value.allSatisfy {
            $0.isLetter || $0.isNumber || "/.,:;=@%+-_[]()*~^".contains($0)
        }
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "#SBATCH --\(name)=" + (isPlain ? value : "\"\(escaped)\"")
    }

    /// What of a folder's path Slurm's scripts cannot hold; nil where all is well. It would replace what follows a
    /// '%' in the names of logs, and a backslash keeps it from putting in the numbers of tasks.
    static func unusable(in path: String) -> Character? {
        path.first { $0 == "%" || $0 == "\\" || $0.isNewline }
    }

    package var text: String {
        var lines = ["#!/bin/sh", Self.line("job-name", name)]
        if let array {
            let most = array.most.map { "%\($0)" } ?? ""
            lines.append("#SBATCH --array=0-\(array.count - 1)\(most)")
        }
        lines += [
            Self.line("output", "\(logs)/\(array == nil ? "%x-%j" : "%x-%a").txt"),
            "#SBATCH --open-mode=append",
            Self.line("chdir", folder),
        ]
        var demand = demand
        if array != nil {
            lines.append("#SBATCH --requeue")
            // B: to the program itself, which the shell below becomes.
            if !demand.has("signal") {
                demand.set("signal", "B:USR1@\(Self.warning(before: nil))")
            }
        }
        lines += demand.lines
        lines += setup
        var words = command.map(ShellWord.quoted)
        if array != nil {
            words.append(
                firstTask == 0
                    ? "\"$SLURM_ARRAY_TASK_ID\"" : "$((SLURM_ARRAY_TASK_ID + \(firstTask)))")
        }
        lines.append("exec " + words.joined(separator: " "))
        return lines.map { $0 + "\n" }.joined()
    }
}
