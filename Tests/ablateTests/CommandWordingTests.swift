import Foundation
import Testing

@Suite("What commands say and leave")
struct CommandWordingTests {
    private let program: Program

    init() throws { program = try Program() }

    @Test(
        "a sweep is deleted by its file's name too; another answer deletes nothing and is no success"
    )
    func deletion() throws {
        try program.writeSweep()
        #expect(try program.shell("$A run tiny.yaml --quiet --results r").code == 0)
        for answer in ["n", "", "y"] {
            let refused = try program.shell("echo \(answer) | $A delete tiny.yaml --results r")
            #expect(refused.code == 1)
            #expect(refused.output.hasSuffix("nothing was deleted\n"))
        }
        #expect(try program.shell("$A status --results r | grep -c tiny").output == "1\n")
        let done = try program.shell("echo tiny | $A delete tiny.yaml --results r")
        #expect(done.code == 0, "\(done.errors)")
        #expect(done.output.contains("Delete tiny with 2 trials"))
        #expect(try program.shell("$A table tiny --results r").code == 2)
    }

    @Test("what gives up results is not limited to some of the trials, which would lose the others")
    func freshInPart() throws {
        try program.writeSweep()
        #expect(try program.shell("$A run tiny.yaml --quiet --results r").code == 0)
        for options in [
            "--fresh --max-trials 1", "--fresh --part 1/2", "--fresh --budget 1s",
            "--rerun failed --max-trials 1",
        ] {
            let outcome = try program.shell("$A run tiny.yaml --results r \(options)")
            #expect(
                outcome.code == 2 && outcome.errors.contains("leave --"),
                "\(outcome.errors)")
        }
        #expect(
            try program.shell("$A status tiny --results r").output.hasPrefix(
                "tiny: 2 trials: 2 done"))
    }

    @Test("--fresh says what it gives up, and goes on with nothing that was begun")
    func fresh() throws {
        try program.writeSweep()
        #expect(try program.shell("$A run tiny.yaml --quiet --results r").code == 0)
        let begun = "r/cache/encoders/$(ls r/cache/encoders | head -1 | cut -d. -f1)"
        let again = try program.shell(
            "touch \(begun).unfinished.safetensors; $A run tiny.yaml --fresh --results r | tee o; "
                + "ls r/cache/encoders | grep -c unfinished")
        #expect(again.output.hasSuffix("\n0\n"), "\(again.output)")
        #expect(
            again.output.contains(
                " stages are given up now and computed again, for every sweep that shares them"))
        #expect(try !program.shell("$A run tiny.yaml --results r").output.contains("--fresh"))
    }

    @Test(
        "a results folder that is taken away while a run goes on is told, not passed over",
        arguments: ["rm -rf r", "mv r s", "rm r/ablate.sqlite*"])
    func takenAway(how: String) throws {
        try program.writeSweep()
        let outcome = try program.shell(
            """
            $A run tiny.yaml -j 1 --results r --log json -S base.pretraining_steps=400 >log &
            for i in $(seq 1500); do grep -q '"event":"progress","kind":"pretrain"' log && break
            sleep 0.02; done
            \(how); wait $!; echo $?; grep -c database log
            """)
        #expect(outcome.output == "2\n0\n", "\(outcome.errors)")
        #expect(
            outcome.errors.contains("was deleted, moved or replaced while it was in use"),
            "\(outcome.errors)")
    }

    @Test("attempts are numbered over all runs, and a killed one is not said to have taken no time")
    func attempts() throws {
        try program.writeSweep()
        let run = "$A run tiny.yaml -j 1 --results r --log json -S base.pretraining_steps=100000"
        let outcome = try program.shell(
            """
            for k in 1 2; do \(run) >log$k &
            for i in $(seq 1500); do grep -qs '"event":"progress","kind":"pretrain"' log$k && break
            sleep 0.02; done; kill -KILL $!; wait $! 2>/dev/null; done
            $A run tiny.yaml --results r --max-trials 1 --quiet -S base.pretraining_steps=1 >/dev/null
            for t in $($A status tiny@1 --trials --results r | grep -oE '\\b[0-9a-f]{12}\\b'); do
            $A logs $t --results r; done
            """)
        #expect(outcome.output.contains("attempt 1: lost"), "\(outcome.output)")
        #expect(outcome.output.contains("attempt 2: lost"), "\(outcome.output)")
        #expect(!outcome.output.contains("lost after 0.0 s"), "\(outcome.output)")
        #expect(
            outcome.output.contains(/\n  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  attempt 1: finished/),
            "\(outcome.output)")
    }

    @Test("a source is simulated at the elevation that is asked for, or the room is too low for it")
    func elevation() throws {
        try program.writeWave("clip.wav")
        for elevation in [-20.0, 0, 30] {
            let place = "azimuth 60.0°, elevation \(elevation)°, distance 1.00 m"
            let outcome = try program.shell(
                "$A simulate clip.wav --azimuth 60 --elevation \(elevation) --distance 1 -o s.wav")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output.contains(place), "\(outcome.output)")
        }
        let outcome = try program.shell(
            "$A simulate clip.wav --elevation 80 --distance 3 -o t.wav; ls t.wav 2>/dev/null")
        #expect(
            outcome.errors.contains(
                "at an elevation of 80° and a distance of 3.00 m the source is"),
            "\(outcome.errors)")
        #expect(!outcome.output.contains("t.wav"))
    }

    @Test("data info shows the built-in sounds as a sweep has them, and takes no path for them")
    func builtin() throws {
        let shown = try program.shell("$A data info builtin")
        #expect(shown.output.hasPrefix("built-in sound events: 600 clips, 20 classes"))
        let refused = try program.shell("$A data info builtin --path .")
        #expect(refused.code == 2)
        #expect(refused.errors.contains("--path is given, but the built-in sounds are no files"))
    }

    @Test("a scene that cannot be written whole leaves what was there")
    func wholeScene() throws {
        try program.writeWave("clip.wav")
        let outcome = try program.shell(
            """
            echo old >scene.wav; (ulimit -f 20; $A simulate clip.wav -o scene.wav); echo $?
            cat scene.wav; ls -A | grep -c part; $A simulate clip.wav -o scene.wav >/dev/null
            head -c 4 scene.wav; ls -A | grep -c part
            """)
        #expect(outcome.output == "2\nold\n0\nRIFF0\n", "\(outcome.errors)")
    }
}
