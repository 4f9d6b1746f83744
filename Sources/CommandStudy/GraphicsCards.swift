import Foundation
import Platform
import Synchronization

/// The graphics cards that a run may use, as slots: each stage holds its own while it runs.
final class GraphicsCards: Sendable {
    /// By number or name, as CUDA_VISIBLE_DEVICES has them.
    let names: [String]
    private let free: Mutex<[Double]>

    /// - Parameters:
    ///   - given: those that the user names; nil for those that are found.
    ///   - wanted: by one stage; where it is 0 nobody looks for any.
    /// - Throws: ``CommandStudyError`` where there are none, or too few.
    init(_ given: [String]?, wanted: Double) throws {
        names = wanted > 0 ? given ?? Self.found() : []
        free = Mutex(names.map { _ in 1 })
        guard wanted > 0 else { return }
        if names.isEmpty { throw CommandStudyError.noGPUs(wanted: wanted) }
        if Double(names.count) < wanted {
            throw CommandStudyError.tooFewGPUs(wanted: wanted, there: names.count)
        }
    }

    /// How many stages that want so much can run at once; nil for any number.
    func slots(of wanted: Double) -> Int? {
        if wanted <= 0 { return nil }
        if wanted < 1 { return names.count * Int((1 / wanted).rounded(.down)) }
        return names.count / Int(wanted)
    }

    /// Takes cards, or nil where there are not enough free: their names.
    func take(_ wanted: Double) -> [Int]? {
        free.withLock { free in
            if wanted >= 1 {
                let chosen = Array(free.indices.filter { free[$0] == 1 }.prefix(Int(wanted)))
                guard chosen.count == Int(wanted) else { return nil }
                for index in chosen { free[index] = 0 }
                return chosen
            }
            // The fullest that has room, so that whole ones stay whole.
            let fitting = free.indices.filter { free[$0] >= wanted - 1e-9 }
            guard let index = fitting.min(by: { free[$0] < free[$1] }) else { return nil }
            free[index] -= wanted
            return [index]
        }
    }

    func giveBack(_ cards: [Int], of wanted: Double) {
        free.withLock { free in
            for index in cards {
                free[index] = wanted >= 1 ? 1 : min(1, free[index] + wanted)
                // What rounding leaves of a whole.
                if free[index] > 1 - 1e-6 { free[index] = 1 }
            }
        }
    }

    /// As CUDA_VISIBLE_DEVICES has them, which Slurm sets; else those that the driver lists.
    private static func found() -> [String] {
        if let listed = ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"] {
            var seen: Set<String> = []
            return listed.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty && $0 != "-1" && $0 != "NoDevFiles" }
                .filter { seen.insert($0).inserted }
        }
        guard
            let program = ExecutablePath.find("nvidia-smi"),
            let process = try? StageProcess(
                program: program,
                arguments: ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"],
                folder: URL(fileURLWithPath: "/"),
                variables: ProcessInfo.processInfo.environment)
        else { return [] }
        var log = BoundedLog(bytes: 1 << 16)
        let limit = ContinuousClock.now + .seconds(20)
        guard process.wait(log: &log, isOver: { _ in ContinuousClock.now > limit }) == .exited(0)
        else {
            return []
        }
        return log.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { Int($0) != nil }
    }
}
