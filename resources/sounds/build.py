"""Write the till's sounds anew: sine tones with soft edges, 22.05 kHz mono, 16 bit.

Run it after a change; the files are byte for byte the same on every machine.
"""

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
EDGE_S = 0.008

# name → (frequency in Hz, seconds, loudness 0..1); frequency 0 is a pause.
SOUNDS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "accepted": ((1760.0, 0.06, 0.5),),
    "again": ((2349.0, 0.06, 0.5),),
    "question": ((880.0, 0.11, 0.5), (0, 0.03, 0), (1318.5, 0.16, 0.5)),
    "refused": ((311.1, 0.21, 0.8), (0, 0.03, 0), (233.1, 0.21, 0.8)),
    "money": ((1046.5, 0.09, 0.5), (1318.5, 0.09, 0.5), (1568.0, 0.17, 0.5)),
    "unknown": ((587.3, 0.25, 0.6), (0, 0.35, 0), (587.3, 0.25, 0.6)),
}


def tone(frequency: float, seconds: float, loudness: float) -> list[int]:
    """Samples of one tone; the refusal's overtones keep it apart from a scanner's own beep."""
    count = round(RATE * seconds)
    samples = []
    for number in range(count):
        time_s = number / RATE
        edge = min(1.0, time_s / EDGE_S, (seconds - time_s) / EDGE_S)
        wave_now = math.sin(2 * math.pi * frequency * time_s)
        if frequency < 400:
            wave_now = 0.7 * wave_now + 0.3 * math.sin(6 * math.pi * frequency * time_s)
        samples.append(round(32_000 * loudness * max(0.0, edge) * wave_now))
    return samples


def build(folder: Path) -> None:
    """Write every sound into a folder."""
    for name, tones in SOUNDS.items():
        samples = [sample for part in tones for sample in tone(*part)]
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


if __name__ == "__main__":
    build(Path(__file__).parent)
