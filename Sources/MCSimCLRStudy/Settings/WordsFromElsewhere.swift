extension TrialSchema {
    /// What settings are called elsewhere, and what elsewhere is a setting, with what to write here.
    static let words: [String: String] = {
        var words: [String: String] = [:]
        func name(_ key: String, _ others: String...) {
            for other in others { words[other] = "it is called \(key) here" }
        }
        name("learning_rate", "lr", "base_lr", "max_lr", "peak_lr", "step_size", "eta")
        name("batch_size", "bs", "batch", "batchsize", "train_batch_size", "minibatch")
        name("temperature", "tau", "temp", "t")
        name("pretraining_steps", "steps", "max_steps", "num_steps", "n_steps", "iterations")
        name("warm_up_fraction", "warmup", "warmup_ratio", "warmup_steps", "warmup_epochs")
        name(
            "microphones", "num_mics", "n_mics", "mics", "num_microphones", "n_microphones",
            "num_channels", "n_channels", "channels", "mic_count")
        name("array", "mic_array", "geometry", "mic_geometry", "array_type")
        name("array_diameter", "radius", "array_radius", "mic_spacing", "spacing", "aperture")
        name("rt60", "t60", "reverb", "reverberation", "reverberation_time", "reverb_time")
        name("snr_db", "snr", "noise_level")
        name("mel_bands", "n_mels", "num_mels", "mels", "n_mel", "num_mel_bins")
        name("patch_frames", "crop_length", "segment_length", "n_frames", "num_frames")
        name("augmentations", "augs", "aug", "augment", "augmentation", "transforms")
        name("encoder", "model", "backbone", "arch", "architecture", "network")
        name("projection", "projection_dim", "proj_dim", "head_dim", "embedding_dim")
        name("label_fraction", "label_ratio", "labels", "labelled_fraction", "train_fraction")
        for word in ["epochs", "num_epochs", "n_epochs", "max_epochs"] {
            words[word] =
                "training is counted in steps of one batch: pretraining_steps, finetuning_steps"
        }
        for word in ["optimizer", "optimiser", "momentum", "betas"] {
            words[word] = "it is Adam always, with learning_rate and warm_up_fraction"
        }
        for word in ["sample_rate", "sampling_rate", "samplerate", "sr", "fs"] {
            words[word] = "sounds of any rate are brought to 16 kHz"
        }
        for word in ["n_fft", "win_length", "hop_length", "fft_size", "hop_size", "window"] {
            words[word] = "spectra are of 512 samples every 320 (20 ms) always"
        }
        name("labels_per_class", "shots", "n_shots", "k_shot", "clips_per_class")
        name("finetuning_weight_decay", "weight_decay", "wd")
        name("finetuning_learning_rate", "finetune_lr", "head_lr")
        name("finetuning_encoder_rate", "encoder_lr", "backbone_lr", "lr_mult")
        words["dropout"] = "there is none in this trainer"
        return words
    }()
}
