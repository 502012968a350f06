"""What is plugged into this machine's serial ports."""


def serial_ports() -> list[str]:
    """Names of the serial ports, none where the library that knows them is missing."""
    try:
        from serial.tools import list_ports
    except ImportError:
        return []
    return sorted(port.device for port in list_ports.comports())
