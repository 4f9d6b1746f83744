import Acoustics
import Foundation
import SoundData
import TestSupport
import Testing

@Suite("Data sets in the layouts that they are published in")
struct PublishedDataSetTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func load(_ source: DataSource, fold: Int = 1, path: String = "") throws -> SoundDataSet {
        try SoundDataSet.load(
            DataSettings(
                source: source.rawValue, path: folder.url.appendingPathComponent(path).path,
                fold: fold))
    }

    func message(_ body: () throws -> some Any) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)".replacingOccurrences(of: folder.url.path, with: "DIR")
        }
    }

    func writeFSDnoisy18k() throws {
        var train = "fname,label,aso_id,manually_verified,noisy_small\n"
        for index in 0..<12 {
            let label = index % 2 == 0 ? "Rain" : "\"Dishes, pots\""
            try folder.writeTone(
                "FSDnoisy18k.audio_train/\(index).wav", sampleRate: 44_100,
                frequency: Double(300 + index))
            train += "\(index).wav,\(label),/m/1,\(index < 10 ? 1 : 0),0\n"
        }
        train += "99.wav,Rain,/m/1,0,0\n"
        try folder.writeTone("FSDnoisy18k.audio_test/0.wav", sampleRate: 44_100)
        try folder.writeTone("FSDnoisy18k.audio_test/1.wav", sampleRate: 44_100, frequency: 500)
        try folder.write(train, to: "FSDnoisy18k.meta/train.csv")
        try folder.write(
            "fname,label,aso_id\n0.wav,Rain,/m/1\n1.wav,\"Dishes, pots\",/m/2\n",
            to: "FSDnoisy18k.meta/test.csv")
    }

    @Test("fsdnoisy18k: noisy clips pretrain, clean ones train and validate, the test set tests")
    func fsdnoisy18k() throws {
        try writeFSDnoisy18k()
        let set = try load(.fsdnoisy18k)
        #expect(set.classes == ["Dishes, pots", "Rain"])
        #expect(
            set.clips(for: .pretraining).map(\.identifier) == [
                "FSDnoisy18k.audio_train/10.wav", "FSDnoisy18k.audio_train/11.wav",
            ])
        #expect(set.clips(for: .training).count == 8)
        #expect(set.clips(for: .validation).count == 2)
        #expect(Set(set.clips(for: .validation).map(\.label)).count == 2)
        #expect(
            set.clips(for: .test).map(\.identifier) == [
                "FSDnoisy18k.audio_test/0.wav", "FSDnoisy18k.audio_test/1.wav",
            ])
        #expect(
            set.leftOut == [
                LeftOutClip(
                    path: "FSDnoisy18k.audio_train/99.wav", fault: .missing,
                    reason: "the file is missing", split: .pretraining, label: "Rain")
            ])
    }

    @Test("esc50: one fold tests, the next validates, the rest train; one source is one group")
    func esc50() throws {
        var table = "filename,fold,target,category,esc10,src_file,take\n"
        for fold in 1...5 {
            for take in ["A", "B"] {
                let name = "\(fold)-100\(fold)-\(take)-0.wav"
                try folder.writeTone("audio/\(name)", frequency: Double(400 + 10 * fold))
                table += "\(name),\(fold),0,dog,True,100\(fold),\(take)\n"
            }
        }
        try folder.write(table, to: "meta/esc50.csv")
        let first = try load(.esc50)
        #expect(first.clips.map(\.split).filter { $0 == .test }.count == 2)
        #expect(first.clips.filter { $0.split == .validation }.allSatisfy { $0.group == "2/1002" })
        #expect(first.clips(for: .training).count == 6)
        #expect(Set(first.clips.map(\.group)).count == 5)
        let last = try load(.esc50, fold: 5)
        #expect(last.clips(for: .validation).map(\.group) == ["1/1001", "1/1001"])
        #expect(first.digest != last.digest)
        #expect(
            message { try load(.esc50, fold: 6) }
                == "data.fold is 6, but esc50 has folds 1 to 5")
        try folder.write("filename,fold,category\na.wav,1e300,dog\n", to: "meta/esc50.csv")
        #expect(
            message { try load(.esc50) }
                == "DIR/meta/esc50.csv:2: fold is '1e300', but must be from 1 to 5")
    }

    func writeTAU2019() throws {
        for fold in 1...4 {
            let name = "split\(fold)_ir0_ov2_1"
            try folder.writeTone(
                "mic_dev/\(name).wav", seconds: 4, sampleRate: 48_000,
                frequency: Double(400 + fold), channels: 4, amplitude: 0.1)
            // The second event covers the end of the first; the third is covered wholly.
            try folder.write(
                "sound_event_recording,start_time,end_time,ele,azi,dist\n"
                    + "speech,0.5,2.0,10,-90,1\nlaughter,1.5,3.5,-20,30,2\ndoor,2.0,2.5,0,0,1\n",
                to: "metadata_dev/\(name).csv")
        }
    }

    @Test("tau2019: stretches of one source, with their true directions, split by fold")
    func tau2019() throws {
        try writeTAU2019()
        let set = try load(.tau2019)
        #expect(set.isSpatial)
        #expect(set.classes == ["laughter", "speech"])
        #expect(set.clips.count == 8)
        #expect(Set(set.clips(for: .test).map(\.group)) == ["mic_dev/split1_ir0_ov2_1.wav"])
        #expect(Set(set.clips(for: .validation).map(\.group)) == ["mic_dev/split2_ir0_ov2_1.wav"])
        guard case .segment(let speech) = set.clips[0].source,
            case .segment(let laughter) = set.clips[1].source
        else {
            Issue.record("not segments")
            return
        }
        #expect([speech.start, speech.end, speech.distance] == [0.5, 1.5, 1])
        #expect([laughter.start, laughter.end] == [2.5, 3.5])
        #expect(abs(speech.azimuth + .pi / 2) < 1e-12)
        #expect(abs(laughter.elevation + .pi / 9) < 1e-12)
    }

    @Test(
        "the bank copies recorded segments, all channels and the direction, and simulates nothing")
    func recordedBank() throws {
        try writeTAU2019()
        let set = try load(.tau2019)
        let settings = BankSettings(minimumSeconds: 0.5, maximumSeconds: 0.75)
        let url = folder.url.appendingPathComponent("bank")
        let bank = try RecordingBank.build(set, settings, at: url)
        #expect(bank.recordings.count == 8)
        let entry = bank.recordings[0]
        #expect(abs(entry.azimuth + .pi / 2) < 1e-12)
        #expect(entry.reverberationTime == nil)
        #expect(entry.sampleCount == 12_000)
        // Channel m was written m + 1 times as loud as the first.
        let samples = bank.read(0)
        for microphone in 1..<4 {
            let ratio = samples[microphone * 12_000 + 5000] / samples[5000]
            #expect(abs(ratio - Float(microphone + 1)) < 0.01)
        }
        var wrong = settings
        wrong.array = .circular(count: 3, diameter: 0.1)
        #expect(
            message { try RecordingBank.build(set, wrong, at: url) }
                == "microphones is 3, but must be 4, as in the recordings of "
                + "'TAU Spatial Sound Events 2019'")
    }

    @Test("recordings with another number of channels, or too short for their events, are left out")
    func wrongChannels() throws {
        try writeTAU2019()
        try folder.writeTone("mic_dev/split3_ir0_ov2_1.wav", seconds: 4, channels: 2)
        try folder.writeTone("mic_dev/split4_ir0_ov2_1.wav", seconds: 2, channels: 4)
        let set = try load(.tau2019)
        #expect(
            set.leftOut.filter { $0.fault == .mismatch }.map(\.reason) == [
                "it has 2 channels, not 4", "it has 2 channels, not 4",
                "it ends at 2.0 s, before the event at 2.5 s",
            ])
        // So is an event that is said to outlast its recording, but for the step of the annotation.
        try folder.write(
            "sound_event_recording,start_time,end_time,ele,azi,dist\nspeech,0,0.5,0,0,1\n"
                + "speech,0.5,1,0,0,1\nspeech,1.25,2.1,0,0,1\n",
            to: "metadata_dev/split4_ir0_ov2_1.csv")
        let clip = try #require(try load(.tau2019).clips.first { $0.seconds == 0.75 })
        #expect(
            try ClipReader().loadChannels(clip).map(\.count) == [12_000, 12_000, 12_000, 12_000])
        try folder.write(
            "sound_event_recording,start_time,end_time,ele,azi,dist\nspeech,0,0.5,0,0,1\n"
                + "speech,1.25,1e300,0,0,1\n",
            to: "metadata_dev/split4_ir0_ov2_1.csv")
        #expect(
            try load(.tau2019).leftOut.last?.reason
                == "it ends at 2.0 s, before the event from 1.25 s to 1e+300 s does")
    }

    @Test("a layout that is not there is one clear line that names what is missing")
    func layouts() throws {
        #expect(
            message { try load(.fsdnoisy18k) }
                == "'DIR' is not laid out like fsdnoisy18k: 'FSDnoisy18k.meta/train.csv' is missing; "
                + "data.path must name the folder that holds it")
        #expect(
            message { try load(.esc50) }
                == "'DIR' is not laid out like esc50: 'meta/esc50.csv' is missing; data.path must "
                + "name the folder that holds it")
        #expect(
            message { try load(.tau2019) }
                == "'DIR' is not laid out like tau2019: 'mic_dev' is missing; data.path must name "
                + "the folder that holds it")
        #expect(
            message { try load(.esc50, path: "nowhere") }
                == "no folder at 'DIR/nowhere': data.path must name the folder of the esc50 data set"
        )
        try writeTAU2019()
        try folder.write(
            "sound_event_recording,start_time,end_time,ele,azi,dist\nspeech,now,2,0,0,1\n",
            to: "metadata_dev/split1_ir0_ov2_1.csv")
        #expect(
            message { try load(.tau2019) }
                == "DIR/metadata_dev/split1_ir0_ov2_1.csv:2: start_time is 'now', but must be a "
                + "number")
    }

    @Test("tau2019: directions and distances that nothing has are refused by line")
    func impossibleEvents() throws {
        try writeTAU2019()
        for (row, wanted) in [
            ("speech,0,1,95,0,1", "ele is '95', but must be from -90 to 90 degrees"),
            ("speech,0,1,0,400,1", "azi is '400', but must be from -360 to 360 degrees"),
            ("speech,0,1,0,0,-1", "dist is '-1', but must be from 0.01 to 100 metres"),
        ] {
            try folder.write(
                "sound_event_recording,start_time,end_time,ele,azi,dist\n\(row)\n",
                to: "metadata_dev/split1_ir0_ov2_1.csv")
            #expect(
                message { try load(.tau2019) }
                    == "DIR/metadata_dev/split1_ir0_ov2_1.csv:2: \(wanted); correct the line, or take it out"
            )
        }
    }

    @Test("an archive unpacked a folder too deep is told from an empty one, with where it is")
    func tooDeep() throws {
        try writeFSDnoisy18k()
        let audio = try folder.file("FSDnoisy18k.audio_train")
        try FileManager.default.moveItem(
            at: audio, to: try folder.file("x/FSDnoisy18k.audio_train"))
        try FileManager.default.moveItem(at: try folder.file("x"), to: audio)
        #expect(
            message { try load(.fsdnoisy18k) }
                == "data set 'FSDnoisy18k' has no clips for training: 8 of 8 files are missing, the "
                + "first: 'FSDnoisy18k.audio_train/1.wav' (the file is missing); there is "
                + "'FSDnoisy18k.audio_train/FSDnoisy18k.audio_train/1.wav': move the folders, or "
                + "correct the paths")
        try folder.write("path,label\na/1.wav,x\na/2.wav,x\n", to: "m.csv")
        try folder.writeTone("b/a/1.wav")
        #expect(
            message { try load(.manifest, path: "m.csv") }
                == "no readable clips in 'DIR/m.csv': 2 of 2 files are missing, the first: 'a/1.wav' "
                + "(the file is missing); there is 'b/a/1.wav': move the folders, or correct the "
                + "paths")
    }

    @Test("events that are too short, end before they start or sound with others are counted")
    func droppedEvents() throws {
        try writeTAU2019()
        try folder.write(
            "sound_event_recording,start_time,end_time,ele,azi,dist\nknock,0.2,0.6,0,0,1\n"
                + "speech,1,3,0,0,1\ndoor,3.5,3.0,0,0,1\n",
            to: "metadata_dev/split1_ir0_ov2_1.csv")
        let set = try load(.tau2019)
        #expect(
            set.leftOut.map(\.reason) == [
                "knock from 0.2 s to 0.6 s is shorter than 0.5 s", "door from 3.5 s ends at 3.0 s",
                "door from 2.0 s to 2.5 s is not heard alone for 0.5 s",
                "door from 2.0 s to 2.5 s is not heard alone for 0.5 s",
                "door from 2.0 s to 2.5 s is not heard alone for 0.5 s",
            ])
        #expect(
            set.leftOut.map(\.fault) == [.short, .short, .overlapped, .overlapped, .overlapped])
        for fold in 1...4 {
            try folder.write(
                "sound_event_recording,start_time,end_time,ele,azi,dist\nknock,0.2,0.6,0,0,1\n",
                to: "metadata_dev/split\(fold)_ir0_ov2_1.csv")
        }
        #expect(
            message { try load(.tau2019) }
                == "no readable clips in 'DIR': all 4 are left out, 4 shorter than half a second, the "
                + "first: 'mic_dev/split1_ir0_ov2_1.wav#0.2' (knock from 0.2 s to 0.6 s is shorter "
                + "than 0.5 s)")
    }

    @Test("a stretch of silence in a recording is no clip, and neither is a rest of an event")
    func silentSegments() throws {
        try writeTAU2019()
        var samples = (0..<(4 * 16_000 * 4)).map { Float($0 % 97) / 1000 }
        for channel in 0..<4 {
            for index in 30_000..<64_000 { samples[channel * 64_000 + index] = 0 }
        }
        try folder.writeSound("mic_dev/split1_ir0_ov2_1.wav", samples, channels: 4)
        try folder.write(
            "sound_event_recording,start_time,end_time,ele,azi,dist\nspeech,0,1,0,0,1\n"
                + "speech,2,3,0,0,1\nspeech,3.75,5,0,0,1\n",
            to: "metadata_dev/split1_ir0_ov2_1.csv")
        let set = try load(.tau2019)
        let own = set.leftOut.filter { $0.path.hasPrefix("mic_dev/split1") }
        #expect(
            own.map(\.reason) == [
                "its samples are all the same: no sound",
                "it ends at 4.0 s, before the event from 3.75 s to 5.0 s does",
            ])
        #expect(set.clips(for: .test).map(\.identifier) == ["mic_dev/split1_ir0_ov2_1.wav#0.0"])
    }

    @Test("a summary counts clips, classes, hours, splits, groups and unreadable files")
    func summary() throws {
        try writeFSDnoisy18k()
        let summary = DataSummary(try load(.fsdnoisy18k))
        #expect(summary.clips == 14)
        #expect(abs(summary.hours - 14 * 0.1 / 3600) < 1e-9)
        #expect(summary.splits.map(\.split) == [.pretraining, .training, .validation, .test])
        #expect(summary.splits.map(\.clips) == [2, 8, 2, 2])
        #expect(summary.splits.map(\.groups) == [2, 8, 2, 2])
        #expect(summary.classes.map(\.name) == ["Dishes, pots", "Rain"])
        #expect(summary.classes[0].clips == [1, 4, 1, 1])
        #expect(summary.leftOut.count == 1)
        #expect(!summary.isSynthetic)
    }
}
