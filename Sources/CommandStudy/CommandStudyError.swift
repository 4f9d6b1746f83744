import Sweeps

/// What keeps programs from being run: what, the value, what to do.
package enum CommandStudyError: Error, Equatable, CustomStringConvertible {
    case missingInput(String, folder: String)
    case unreadableInput(String, reason: String)
    case inputHoldsResults(String, results: String)
    case labelTaken(String, reference: String)
    case programNotFound(String)
    case scriptNotFound(String, program: String, folder: String)
    case notExecutable(String)
    case programIsFolder(String)
    case noFirstLine(String)
    case interpreterNotFound(String, script: String)
    case sameForAllSeeds(stage: String, seeds: Int)
    case environmentFailed(command: String, code: Int32, message: String)
    case environmentTooLong(command: String, megabytes: Int)
    case environmentTooSlow(command: String, seconds: Int)
    case noGPUs(wanted: Double)
    case tooFewGPUs(wanted: Double, there: Int)
    case unreadableDefinition
    case nothingToVary(String)

    package var description: String {
        switch self {
        case .missingInput(let path, let folder):
            "inputs names '\(path)', but there is no such file or folder in \(folder); "
                + (path.contains(where: "*?[".contains)
                    ? "patterns are not read: name the files, or the folder that holds them"
                    : "paths are relative to the sweep file")
        case .unreadableInput(let path, let reason):
            "the input '\(path)' cannot be read: \(reason); make it readable, or name under inputs what is"
        case .inputHoldsResults(let path, let results):
            "inputs names '\(path)', which holds the results folder '\(results)': what a run writes would "
                + "name other results; name the files that count, or other results with --results"
        case .labelTaken(let label, let reference):
            "reference \(reference) would be called '\(label)', as a row of the sweep is; give it "
                + "another label"
        case .programNotFound(let program):
            "there is no program '\(program)' on the PATH, nor beside the sweep file; install it, or "
                + "write its path"
        case .scriptNotFound(let script, let program, let folder):
            "\(program) is to read '\(script)', but there is no such file in \(folder); paths are relative to the "
                + "sweep file"
        case .notExecutable(let program):
            "'\(program)' is there but not executable: run chmod +x on it, or write the program that runs "
                + "it, such as [\(program.hasSuffix(".py") ? "python3" : "sh"), \(program)]"
        case .programIsFolder(let program):
            "'\(program)' is a folder; write the program in it that is meant"
        case .noFirstLine(let program):
            "'\(program)' does not say who reads it, so that the system cannot run it: write #!/bin/sh, or "
                + "another program, into its first line, or the program before it, such as "
                + "[sh, \(program)]"
        case .interpreterNotFound(let interpreter, let script):
            "'\(script)' is to be read by '\(interpreter)' (its first line), but there is no such program; "
                + "mend the line, or write the program before it, such as [sh, \(script)]"
        case .sameForAllSeeds(let stage, let seeds):
            "\(stage) has seeds: false, so that its figures are the same for all \(seeds) seeds, and would "
                + "count as \(seeds) results; write seeds: 1 in the file, or make it a reference"
        case .environmentFailed(let command, let code, let message):
            "environment: '\(command)' ended with \(code)"
                + (message.isEmpty ? "" : ": \(message)")
                + "; mend the command, which is to print versions and to end with 0"
        case .environmentTooLong(let command, let megabytes):
            "environment: '\(command)' prints more than \(megabytes) MB, or without end; write a command that "
                + "prints versions and ends, such as [pip, freeze]"
        case .environmentTooSlow(let command, let seconds):
            "environment: '\(command)' has not ended after \(seconds) s; write a command that prints versions "
                + "and ends, such as [pip, freeze]"
        case .noGPUs(let wanted):
            "resources.gpus is \(wanted), but neither nvidia-smi nor CUDA_VISIBLE_DEVICES names a "
                + "graphics card; give --gpus 0,1"
        case .tooFewGPUs(let wanted, let there):
            "resources.gpus is \(wanted), but there \(there == 1 ? "is" : "are") \(there); lower it, or "
                + "give more with --gpus"
        case .nothingToVary(let name):
            "--vary is '\(name)', but which settings a program has is known to its file alone: leave --vary out, and "
                + "name them there under 'settings' and 'parameters'"
        case .unreadableDefinition:
            "the definition of this sweep's study cannot be read; it was written by another version: run its "
                + "sweep file again with this one, or use that version"
        }
    }
}

extension CommandStudyError {
    /// What a sweep file says that is at fault; nil where it is not the file.
    ///
    /// - Parameter stage: the stage whose command is looked at.
    func sectionFault(of stage: CommandDefinition.Stage? = nil) -> SectionFault? {
        func fault(_ section: String, _ entry: String? = nil) -> SectionFault {
            SectionFault("\(self)", section: section, entry: entry)
        }
        return switch self {
        case .missingInput, .unreadableInput, .inputHoldsResults: fault("inputs")
        case .labelTaken(_, let reference): fault("references", reference)
        case .environmentFailed, .environmentTooLong, .environmentTooSlow: fault("environment")
        case .noGPUs, .tooFewGPUs: fault("resources", "gpus")
        case .sameForAllSeeds(let stage, _): fault("stages", stage)
        case .programNotFound, .scriptNotFound, .notExecutable, .programIsFolder, .noFirstLine,
            .interpreterNotFound:
            stage.map { stage in
                stage.reference != nil
                    ? fault("references", stage.name)
                    : stage.name == "run" ? fault("command") : fault("stages", stage.name)
            }
        case .unreadableDefinition, .nothingToVary: nil
        }
    }
}
