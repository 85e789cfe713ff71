; The set-up program for Windows: for one user, without an administrator. Compiled by installer/bundles/windows/setup.py,
; which gives VERSION (0.2.0), NUMBERS (0.2.0.0), PAYLOAD (the folder of the program), ICON and OUT.
; What a user keeps lies in %LOCALAPPDATA%\branch-desk or where he chose, never in the folder of the program: no line here
; removes anything but what a line here has put there.
Unicode true
Target amd64-unicode
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "WordFunc.nsh"

!define APP "支部工作台"
!define ID "BranchDesk"
!define PROGRAM "branch-desk.exe"
!define CONSOLE "branch-desk-cli.exe"
!define DATA "$LOCALAPPDATA\branch-desk"
!define CLASSES "Software\Classes"
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
; What ends a silent set-up that may not go on.
!define RUNNING 3
!define NEWER 4

Name "${APP} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${ID}"
InstallDirRegKey HKCU "${LISTED}" "InstallLocation"
RequestExecutionLevel user
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif
ManifestDPIAware true
BrandingText "${APP} ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "${APP}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${APP} 安装程序"
VIAddVersionKey /LANG=2052 "LegalCopyright" " "

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TEXT "将为当前用户安装${APP} ${VERSION}，不需要管理员密码，不连接网络。$\r$\n$\r$\n已经装过的，会换成这一版；数据不在程序的文件夹里，不受影响。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${APP}"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "只卸载程序。数据、备份和导出的文件都留着。"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

; Ask until the program is closed: while it runs, Windows lets nobody write to its file.
!macro AskToCloseOne FILE
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\${FILE}"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $0 "$INSTDIR\${FILE}" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    ${If} ${Silent}
      SetErrorLevel ${RUNNING}
      Quit
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${APP}正开着。$\r$\n$\r$\n请先到它的窗口里保存正在填的内容，再把它关掉，然后点“重试”。" IDRETRY +2
    Quit
  ${Loop}
!macroend

; The command line is a program of its own, and holds the same library.
!macro AskToClose
  !insertmacro AskToCloseOne "${PROGRAM}"
  !insertmacro AskToCloseOne "${CONSOLE}"
!macroend

!macro Associate ENDING KIND WORDS
  WriteRegStr HKCU "${CLASSES}\${ENDING}" "" "${ID}.${KIND}"
  WriteRegStr HKCU "${CLASSES}\${ID}.${KIND}" "" "${WORDS}"
  WriteRegStr HKCU "${CLASSES}\${ID}.${KIND}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${CLASSES}\${ID}.${KIND}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
!macroend

; Another program may have taken an ending since: that stays.
!macro Dissociate ENDING KIND
  ReadRegStr $0 HKCU "${CLASSES}\${ENDING}" ""
  ${If} $0 == "${ID}.${KIND}"
    DeleteRegKey HKCU "${CLASSES}\${ENDING}"
  ${EndIf}
  DeleteRegKey HKCU "${CLASSES}\${ID}.${KIND}"
!macroend

; Tell Explorer that the kinds of files have changed (SHCNE_ASSOCCHANGED).
!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Function .onInit
  ReadRegStr $1 HKCU "${LISTED}" "DisplayVersion"
  ${If} $1 != ""
    ${VersionCompare} $1 ${VERSION} $0
    ${If} $0 == 1
      ${If} ${Silent}
        SetErrorLevel ${NEWER}
        Quit
      ${EndIf}
      MessageBox MB_OK|MB_ICONEXCLAMATION "已经装了更新的 $1，没有换成 ${VERSION}：旧程序打不开新程序存的数据。"
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "main"
  !insertmacro AskToClose
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  File /r "${PAYLOAD}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${PROGRAM}"
  CreateShortcut "$DESKTOP\${APP}.lnk" "$INSTDIR\${PROGRAM}"
  !insertmacro Associate ".dzp" "Package" "${APP}数据包"
  !insertmacro Associate ".dzk" "Keys" "${APP}登记文件"
  !insertmacro Associate ".dzbak" "Backup" "${APP}备份"
  WriteRegStr HKCU "${LISTED}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${LISTED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${LISTED}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${LISTED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${LISTED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${LISTED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${LISTED}" "NoModify" 1
  WriteRegDWORD HKCU "${LISTED}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${LISTED}" "EstimatedSize" $0
  !insertmacro TellExplorer
SectionEnd

Section "Uninstall"
  !insertmacro AskToClose
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\${CONSOLE}"
  Delete "$INSTDIR\uninstall.exe"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  ; What an update in its middle has put beside it: a copy of the old program (desktop/services/updates/state.py).
  RMDir /r "$INSTDIR.former"
  RMDir /r "$INSTDIR.back"
  RMDir /r "$INSTDIR.between"
  Delete "$SMPROGRAMS\${APP}.lnk"
  Delete "$DESKTOP\${APP}.lnk"
  !insertmacro Dissociate ".dzp" "Package"
  !insertmacro Dissociate ".dzk" "Keys"
  !insertmacro Dissociate ".dzbak" "Backup"
  DeleteRegKey HKCU "${LISTED}"
  !insertmacro TellExplorer
  DetailPrint "数据留在 ${DATA}，放在别处的也没有动。"
  IfSilent +2
  MessageBox MB_OK|MB_ICONINFORMATION "程序已卸载，数据没有动。$\r$\n$\r$\n数据在：${DATA}$\r$\n放在别处的数据和备份也都留着。再安装一次就能接着用。"
SectionEnd
