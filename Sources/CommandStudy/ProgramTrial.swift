import Foundation
import Platform
import Sweeps

/// What a program is told of its trial: as a file, as variables, and in the words of its command.
struct ProgramTrial {
    let stage: CommandDefinition.Stage
    let settings: [String: SettingValue]
    let seed: Int?
    /// The folder for all that it writes.
    let output: URL
    /// What the stage before has left.
    let needed: URL?
    let resources: CommandDefinition.Resources
    let cards: [String]
    /// Whether it is to be judged on the validation split, for tuning.
    let isOnValidation: Bool

    /// What the program is told then; it is told nothing where it is judged on the test split.
    private static let validation = "validation"

    private var file: URL { StageFiles(output).trial }

    /// The file that ABLATE_TRIAL names. It goes with its stage, so that nobody waits until it is on the
    /// disk: that takes longer than all the rest that a stage costs.
    ///
    /// Throws: `PlatformError.unwritable`.
    func write(to file: URL) throws {
        var values: [String: SettingValue] = [
            "stage": .text(stage.name), "settings": .map(settings), "output": .text(output.path),
            "threads": .integer(resources.threads), "memory_bytes": .integer(resources.memory),
            "gpus": .list(cards.map { .text($0) }),
        ]
        if let seed { values["seed"] = .integer(seed) }
        if isOnValidation { values["split"] = .text(Self.validation) }
        if let need = stage.needs, let needed {
            values["needs"] = .map([need: .text(needed.path)])
        }
        let descriptor = open(
            file.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw PlatformError.unwritable(path: file.path, code: errno)
        }
        var code = Descriptor.write(
            SettingValue.map(values).canonicalJSON + "\n", to: descriptor)
        if close(descriptor) != 0, code == nil { code = errno }
        if let code { throw PlatformError.unwritable(path: file.path, code: code) }
    }

    /// A word of the command with its placeholders replaced.
    func filled(_ text: String) -> String {
        Placeholders.filled(text) { name in
            switch name {
            case "seed": seed.map(String.init) ?? ""
            case "output": output.path
            case "trial": file.path
            case "threads": String(resources.threads)
            case "memory": String(resources.memory)
            case "gpus": cards.joined(separator: ",")
            case _ where name == stage.needs.map({ "needs.\($0)" }): needed?.path ?? ""
            default: settings[name].map(Placeholders.word) ?? ""
            }
        }
    }

    /// The caller's variables with those of the trial.
    func variables(_ caller: [String: String]) -> [String: String] {
        var variables = caller
        let threads = String(resources.threads)
        // What libraries of all kinds start threads by.
        for name in [
            "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
            "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "ABLATE_THREADS",
        ] {
            variables[name] = threads
        }
        variables["ABLATE_TRIAL"] = file.path
        variables["ABLATE_STAGE"] = stage.name
        variables["ABLATE_OUTPUT"] = output.path
        variables["ABLATE_MEMORY_BYTES"] = String(resources.memory)
        variables["ABLATE_SEED"] = seed.map(String.init)
        variables["ABLATE_SPLIT"] = isOnValidation ? Self.validation : nil
        if let need = stage.needs, let needed {
            variables["ABLATE_NEEDS_\(need.uppercased())"] = needed.path
        }
        for (key, value) in settings {
            variables["ABLATE_SETTING_\(key.uppercased())"] = Placeholders.word(value)
        }
        if resources.gpus > 0 {
            variables["CUDA_VISIBLE_DEVICES"] = cards.joined(separator: ",")
        }
        return variables
    }
}
