import Foundation
import TestSupport

/// A Slurm of shell scripts that write down what they are asked, and a sweep for it.
enum ScriptedCluster {
    /// Two preparations with what evaluates each, and what both share.
    private static let sweep = """
        name: tiny
        study: command
        stages:
          data: {command: [sh, data.sh], seeds: false, settings: [], leaves: data}
          train: {needs: data, command: [sh, train.sh, "{needs.data}"], settings: [size], leaves: model}
          score: {needs: train, command: [sh, score.sh, "{needs.train}"], settings: [bonus]}
        settings:
          size: {kind: integer, default: 1}
          bonus: {kind: integer, default: 0}
        figures: {points: {better: higher}}
        inputs: [data.sh, train.sh, score.sh]
        parameters: {size: [1, 2], bonus: [0, 3]}
        seeds: 2
        cluster: {slurm: {partition: debug}, task_time: 0.001s}

        """

    /// `queue` has the lines of squeue; `limit` the number of jobs that are taken. Where there is `answer`, the
    /// second job is taken, put into the queue, and those lines end its submission instead of its number.
    private static let slurm = [
        "sbatch": """
        case $* in *--test-only*)
          [ ! -f down ] || { echo "sbatch: error: invalid partition specified: x" >&2; exit 1; }
          exit 0 ;;
        esac
        echo "sbatch $*" >> calls
        n=$(($(cat count 2>/dev/null || echo 0) + 1)); echo $n > count
        if [ -f limit ] && [ $n -gt $(cat limit) ]; then
          echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1
        fi
        for script; do :; done
        cp "$script" script-$n
        if [ $n = 2 ] && [ -f answer ]; then
          name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\\1/p' script-2)
          for i in 0 1 2; do echo "102|$i|$name|PENDING|0:00||Resources"; done > queue
          . ./answer
        else
          echo $((100 + n))
        fi
        """,
        "squeue": "echo \"squeue $*\" >> calls; cat queue 2>/dev/null; exit 0",
        "scancel": "echo \"scancel $*\" >> calls",
        "scontrol": "echo \"scontrol $*\" >> calls; echo \"MaxArraySize            = 3\"",
    ]

    /// Runs the scripts that were handed over, every task of each.
    private static let runAll = """
        runScript() {
          code=0
          last=$(sed -nE 's/^#SBATCH --array=0-([0-9]+).*/\\1/p' $1)
          if [ -z "$last" ]; then SLURM_JOB_ID=1 sh $1; return; fi
          for index in $(seq 0 $last); do
            SLURM_ARRAY_JOB_ID=1 SLURM_ARRAY_TASK_ID=$index SLURM_JOB_ID=1 sh $1 || code=$?
          done
          return $code
        }

        """

    /// A folder with the sweep, its programs and the scripts.
    static func program() throws -> Program {
        let program = try Program()
        for (name, text) in Self.slurm {
            let file = try program.folder.file("bin/\(name)")
            try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        try program.folder.write(Self.sweep, to: "tiny.yaml")
        try program.folder.write(
            "echo data >> ran; mkdir $ABLATE_OUTPUT/data; echo 10 > $ABLATE_OUTPUT/data/x",
            to: "data.sh")
        try program.folder.write(
            """
            echo train >> ran; mkdir $ABLATE_OUTPUT/model
            echo $(($(cat $1/x) * ABLATE_SETTING_SIZE + ABLATE_SEED)) > $ABLATE_OUTPUT/model/x
            """, to: "train.sh")
        try program.folder.write(
            """
            echo score >> ran
            [ ! -f fails ] || [ $ABLATE_SETTING_BONUS = 0 ] || exit 3
            echo '{"points": '$(($(cat $1/x) + ABLATE_SETTING_BONUS))'}' > $ABLATE_OUTPUT/figures.json
            """, to: "score.sh")
        return program
    }

    /// Runs lines with the scripts in the place of Slurm's commands.
    static func shell(_ program: Program, _ lines: String) throws -> Program.Outcome {
        try program.shell("export PATH=\"$PWD/bin:$PATH\" HOME=$PWD\n" + Self.runAll + lines)
    }

    /// Says `same` where the tables are those of one run.
    static let expected = """
        "$A" run tiny.yaml --quiet --results whole > /dev/null
        cmp whole/tiny/table.md results/tiny/table.md && cmp whole/tiny/table.json results/tiny/table.json \\
          && echo same

        """
}
