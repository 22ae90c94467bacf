"""What runs for too long is interrupted; what has ended is not."""

import threading
import time

from borderstats.serve.watch import Watch


class Running:
    def __init__(self):
        self.interrupted = threading.Event()

    def interrupt(self):
        self.interrupted.set()


def test_only_what_is_over_its_time_is_interrupted():
    watch, slow, quick, patient = Watch(), Running(), Running(), Running()
    with watch.over(quick, 0.2):
        pass
    with watch.over(slow, 0.05), watch.over(patient, 60):
        assert slow.interrupted.wait(5)
    time.sleep(0.5)
    assert not quick.interrupted.is_set()
    assert not patient.interrupted.is_set()
