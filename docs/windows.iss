; The installer for Windows (Inno Setup 6):  iscc docs\windows.iss
; First build the program on Windows:       .venv\Scripts\pyinstaller build.spec
; No service, no file associations, no open port: it copies a folder and makes shortcuts.
#define Version GetEnv("TILL_VERSION")
#if Version == ""
  #define Version "0.1.0"
#endif

[Setup]
AppId={{6C0C7C0B-5D0E-4E0B-9B54-7A6B2E0F3D11}
AppName=开平优品收银
AppVersion={#Version}
AppPublisher=开平优品
DefaultDirName={autopf}\KaipingTill
DefaultGroupName=开平优品
; For the account that sells, so that an update from a stick or from head office may be installed by
; it. For everybody an administrator has to ask; such a program is updated by the installer alone.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
OutputDir=..\dist
OutputBaseFilename=kaiping-till-{#Version}-setup
Compression=lzma2
SolidCompression=yes
DisableProgramGroupPage=yes
; A till that is open holds its files; it is asked to close, never killed.
CloseApplications=yes
RestartApplications=no
UninstallDisplayName=开平优品收银

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktop"; Description: "桌面图标 / Desktop icon"
Name: "autostart"; Description: "登录后自动打开 / Open after signing in"; Flags: unchecked
Name: "kiosk"; Description: "自动打开时占满屏幕 / Take the whole screen then"; Flags: unchecked

[Files]
Source: "..\dist\kaiping-till\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; A newer installer stands above whatever updates were unpacked beside the older program.
Type: filesandordirs; Name: "{app}\updates"
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\开平优品收银"; Filename: "{app}\kaiping-till.exe"
Name: "{group}\检查这台机"; Filename: "{cmd}"; Parameters: "/k ""{app}\pos.exe"" doctor"
Name: "{autodesktop}\开平优品收银"; Filename: "{app}\kaiping-till.exe"; Tasks: desktop
Name: "{autostartup}\开平优品收银"; Filename: "{app}\kaiping-till.exe"; Tasks: autostart and not kiosk
Name: "{autostartup}\开平优品收银"; Filename: "{app}\kaiping-till.exe"; Parameters: "--kiosk"; Tasks: autostart and kiosk

[Run]
Filename: "{app}\kaiping-till.exe"; Description: "打开 / Open"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
; The shop's data lies elsewhere and stays: %LOCALAPPDATA%\kaiping-youpin-till.
Type: filesandordirs; Name: "{app}\updates"
